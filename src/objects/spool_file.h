// A temporary file without a name: gone with its owner, also when the process is killed.
#pragma once

#include <filesystem>
#include <memory>

#include "base/bytes.h"
#include "base/result.h"

namespace hallmark::objects {

class SpoolFile {
 public:
  // In `folder`, which exists. Readable by this process alone.
  static Result<std::unique_ptr<SpoolFile>> create(const std::filesystem::path& folder);

  explicit SpoolFile(int descriptor) : descriptor_(descriptor) {}
  ~SpoolFile();
  SpoolFile(const SpoolFile&) = delete;
  SpoolFile& operator=(const SpoolFile&) = delete;

  Result<void> write_at(std::uint64_t offset, ByteView bytes);
  // Of what has been written; past it: corrupt.
  Result<void> read_at(std::uint64_t offset, MutableByteView into) const;

 private:
  const int descriptor_;
};

}  // namespace hallmark::objects
