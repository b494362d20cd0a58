#include "base/folder_lock.h"

#include <cerrno>

#include <fcntl.h>
#include <sys/file.h>

#include <fmt/format.h>

namespace hallmark {
namespace {

Result<Descriptor> open_folder(const std::filesystem::path& folder) {
  Descriptor opened(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  if (!opened.is_open()) return system_error(fmt::format("open {}", folder.string()), errno);
  return opened;
}

}  // namespace

Result<FolderLock> FolderLock::take(const std::filesystem::path& folder) {
  TRY(Descriptor opened, open_folder(folder));
  while (::flock(opened.get(), LOCK_EX) != 0) {
    if (errno != EINTR) return system_error(fmt::format("lock {}", folder.string()), errno);
  }
  return FolderLock(std::move(opened));
}

Result<std::optional<FolderLock>> FolderLock::try_take(const std::filesystem::path& folder) {
  TRY(Descriptor opened, open_folder(folder));
  if (::flock(opened.get(), LOCK_EX | LOCK_NB) == 0) {
    return std::optional(FolderLock(std::move(opened)));
  }
  if (errno == EWOULDBLOCK) return std::optional<FolderLock>();
  return system_error(fmt::format("lock {}", folder.string()), errno);
}

}  // namespace hallmark
