// A head file: how far the store had come, kept outside of it (store/head.h). Sealed, so that who
// changes it is noticed as well as who takes it away.
#pragma once

#include <filesystem>

#include "base/result.h"
#include "identity/directory.h"
#include "store/store.h"

namespace hallmark::server {

struct WitnessedHead {
  std::int64_t epoch = 0;  // of the store's history (store/standstill.h)
  store::Head head;
  bool operator==(const WitnessedHead&) const = default;
};

Result<void> write_head_file(const std::filesystem::path& path, const WitnessedHead& witnessed,
                             identity::SecretSealer& sealer);
// Not found: there is none. Corrupt: it was changed, or sealed by keys that the store has no more.
Result<WitnessedHead> read_head_file(const std::filesystem::path& path,
                                     identity::SecretSealer& sealer);

}  // namespace hallmark::server
