#include "server/data_directory.h"

#include <cerrno>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fmt/format.h>

#include "base/file.h"

namespace hallmark::server {

Result<std::unique_ptr<DirectoryLock>> DirectoryLock::take(const DataDirectory& directory) {
  TRY(make_folders(directory.path));
  struct stat status = {};
  if (::stat(directory.path.c_str(), &status) != 0) return system_error("stat", errno);
  if (status.st_uid != ::geteuid()) {
    return invalid(fmt::format("{} belongs to another user.", directory.path.string()));
  }
  if (::chmod(directory.path.c_str(), 0700) != 0) return system_error("chmod", errno);

  const std::string name = (directory.path / "lock").string();
  const int descriptor = ::open(name.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (descriptor < 0) return system_error("open " + name, errno);
  auto lock = std::unique_ptr<DirectoryLock>(new DirectoryLock(descriptor));
  if (::flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK) return system_error("lock " + name, errno);
    return invalid(fmt::format("{} is in use by another hallmark process. Stop it first.",
                               directory.path.string()));
  }
  return lock;
}

DirectoryLock::~DirectoryLock() { ::close(descriptor_); }

}  // namespace hallmark::server
