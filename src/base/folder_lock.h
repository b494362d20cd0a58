// A folder that belongs to one thread of one process for a while, by flock(2).
#pragma once

#include <filesystem>
#include <optional>
#include <utility>

#include "base/descriptor.h"
#include "base/result.h"

namespace hallmark {

// Held until its end, also when the process is killed. The folder exists, and is no link.
class FolderLock {
 public:
  static Result<FolderLock> take(const std::filesystem::path& folder);  // waits for others
  // Nothing: somebody has it.
  static Result<std::optional<FolderLock>> try_take(const std::filesystem::path& folder);

 private:
  explicit FolderLock(Descriptor folder) : folder_(std::move(folder)) {}

  Descriptor folder_;
};

}  // namespace hallmark
