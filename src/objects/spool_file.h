// A temporary file without a name: gone with its owner, also when the process is killed.
#pragma once

#include <filesystem>
#include <memory>

#include "base/bytes.h"
#include "base/descriptor.h"
#include "base/result.h"

namespace hallmark::objects {

class SpoolFile {
 public:
  // In `folder`, which exists. Readable by this process alone.
  static Result<std::unique_ptr<SpoolFile>> create(const std::filesystem::path& folder);

  explicit SpoolFile(Descriptor file) : file_(std::move(file)) {}

  Result<void> write_at(std::uint64_t offset, ByteView bytes);
  // Of what has been written; past it: corrupt.
  Result<void> read_at(std::uint64_t offset, MutableByteView into) const;

 private:
  const Descriptor file_;
};

}  // namespace hallmark::objects
