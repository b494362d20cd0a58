#include "server/data_directory.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <string_view>
#include <thread>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fmt/format.h>

#include "base/file.h"

namespace hallmark::server {
namespace {

// What `create` writes before it is finished.
constexpr std::array<std::string_view, 11> left_overs = {"lock",
                                                         "hallmark.db",
                                                         "hallmark.db-wal",
                                                         "hallmark.db-shm",
                                                         "credentials",
                                                         "master.key",
                                                         "roots.pem",
                                                         "objects",
                                                         "keys",
                                                         "store",
                                                         "head"};

bool is_left_over(std::string_view name) {
  return name.starts_with(temporary_file_prefix) ||
         std::ranges::find(left_overs, name) != left_overs.end();
}

constexpr std::size_t lock_bytes_max = 64;  // a number and a newline
constexpr std::size_t endpoint_bytes_max = 1024;

std::string first_line_of(const std::filesystem::path& path, std::size_t bytes_max) {
  const auto text = read_file(path, bytes_max);
  return text ? text->substr(0, text->find('\n')) : std::string();
}

// " (process 4711, which serves http://127.0.0.1:9400)", as far as it is known.
std::string holder_of(const DataDirectory& directory) {
  const std::string process = first_line_of(directory.path / "lock", lock_bytes_max);
  const std::string endpoint = first_line_of(directory.endpoint(), endpoint_bytes_max);
  if (process.empty()) return {};
  if (endpoint.empty()) return fmt::format(" (process {})", process);
  return fmt::format(" (process {}, which serves {})", process, endpoint);
}

// For `holder_of` alone: what holds the lock is the descriptor, and a full disk must not prevent
// it.
void write_holder(int descriptor) {
  const std::string text = fmt::format("{}\n", ::getpid());
  if (::ftruncate(descriptor, 0) != 0) return;
  if (::pwrite(descriptor, text.data(), text.size(), 0) < 0) return;
}

// Waits for those who only look whether the directory is in use (`in_use`), for which they hold the
// lock for a moment.
int lock_past_lookers(int descriptor) {
  constexpr int tries_max = 20;
  constexpr auto look = std::chrono::milliseconds(5);
  for (int tries = 1;; ++tries) {
    if (::flock(descriptor, LOCK_EX | LOCK_NB) == 0) return 0;
    if (errno != EWOULDBLOCK || tries == tries_max) return -1;
    std::this_thread::sleep_for(look);
  }
}

}  // namespace

Result<void> require_initialised(const DataDirectory& directory) {
  struct stat status = {};
  if (::stat(directory.installation().c_str(), &status) == 0) return {};
  if (errno != ENOENT && errno != ENOTDIR) {
    return system_error(fmt::format("read {}", directory.installation().string()), errno);
  }
  return invalid(fmt::format(
      "{} is no Hallmark data directory: it is not initialised. Run `hallmark init` or `hallmark "
      "dev`.",
      directory.path.string()));
}

Result<void> check_unused(const DataDirectory& directory) {
  const std::string path = directory.path.string();
  if (directory.initialised()) return invalid(fmt::format("{} is initialised already.", path));
  std::error_code error;
  auto entry = std::filesystem::directory_iterator(directory.path, error);
  if (error == std::errc::no_such_file_or_directory) return {};
  for (; !error && entry != std::filesystem::directory_iterator(); entry.increment(error)) {
    if (is_left_over(entry->path().filename().string())) continue;
    return invalid(fmt::format("{} is not empty. Name a missing or an empty directory.", path));
  }
  if (error) return system_error(fmt::format("read {}", path), error.value());
  return {};
}

bool in_use(const DataDirectory& directory) {
  const Descriptor lock(::open((directory.path / "lock").c_str(), O_RDONLY | O_CLOEXEC));
  return lock.is_open() && ::flock(lock.get(), LOCK_EX | LOCK_NB) != 0;
}

Result<std::unique_ptr<DirectoryLock>> DirectoryLock::take(const DataDirectory& directory) {
  TRY(make_folders(directory.path));
  struct stat status = {};
  if (::stat(directory.path.c_str(), &status) != 0) return system_error("stat", errno);
  if (status.st_uid != ::geteuid()) {
    return invalid(fmt::format("{} belongs to another user.", directory.path.string()));
  }
  if (::chmod(directory.path.c_str(), 0700) != 0) {
    return system_error("chmod " + directory.path.string(), errno);
  }

  const std::string name = (directory.path / "lock").string();
  Descriptor file(::open(name.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!file.is_open()) return system_error("open " + name, errno);
  if (lock_past_lookers(file.get()) != 0) {
    if (errno != EWOULDBLOCK) return system_error("lock " + name, errno);
    return invalid(fmt::format("{} is in use by another hallmark process{}. Stop it first.",
                               directory.path.string(), holder_of(directory)));
  }
  write_holder(file.get());
  return std::unique_ptr<DirectoryLock>(new DirectoryLock(std::move(file)));
}

}  // namespace hallmark::server
