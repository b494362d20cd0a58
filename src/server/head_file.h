// A head file: how far the store had come, kept outside of it (store/head.h). Nothing in it is
// secret, and no key of the store's is needed to read it: that may be the older one. Who may write
// to its place may also take it away.
#pragma once

#include <filesystem>

#include "base/result.h"
#include "store/store.h"

namespace hallmark::server {

struct WitnessedHead {
  std::int64_t epoch = 0;  // of the store's history (store/standstill.h)
  store::Head head;
  bool operator==(const WitnessedHead&) const = default;
};

Result<void> write_head_file(const std::filesystem::path& path, const WitnessedHead& witnessed);
// Not found: there is none. Corrupt: it is not what was written.
Result<WitnessedHead> read_head_file(const std::filesystem::path& path);

}  // namespace hallmark::server
