#include "base/free_space.h"

#include <cerrno>

#include <sys/statvfs.h>

#include <fmt/format.h>

namespace hallmark {

Result<std::uint64_t> find_free_bytes(const std::filesystem::path& path) {
  struct statvfs status = {};
  if (::statvfs(path.c_str(), &status) != 0) return system_error("statvfs", errno);
  return std::uint64_t(status.f_bavail) * std::uint64_t(status.f_frsize);
}

Result<void> check_room(const std::filesystem::path& path, std::uint64_t bytes) {
  const auto free = find_free_bytes(path);
  if (!free || (*free >= free_bytes_min && *free - free_bytes_min >= bytes)) return {};
  return Error{ErrorKind::unavailable,
               "The disk is almost full: nothing is stored until there is space again.",
               fmt::format("{} has {} bytes left, {} are needed", path.string(), *free,
                           bytes + free_bytes_min)};
}

}  // namespace hallmark
