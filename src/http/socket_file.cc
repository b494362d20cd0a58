#include "http/socket_file.h"

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <string_view>

#include <fmt/format.h>

#include "base/descriptor.h"
#include "base/log.h"

namespace hallmark::http {
namespace {

constexpr mode_t owner_only = 0600;

Result<sockaddr_un> address_of(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  constexpr std::size_t bytes_max = sizeof address.sun_path - 1;
  if (path.size() > bytes_max) {
    return invalid(fmt::format("{} is too long for a Unix socket, which has at most {} characters",
                               path, bytes_max));
  }
  if (path.find('\0') != std::string::npos) return invalid("a path contains a null character");
  path.copy(address.sun_path, bytes_max);
  return address;
}

Error refusal(const std::string& path, std::string_view reason) {
  return invalid(fmt::format("{} {}", path, reason));
}

Error error_of(const std::string& path, std::string_view what, int number) {
  if (number == EADDRINUSE) return refusal(path, "is in use");
  if (number == EACCES || number == EPERM) return refusal(path, "is not permitted to us");
  if (number == ENOENT || number == ENOTDIR) return refusal(path, "lies in no folder");
  return system_error(what, number);
}

enum class Listening { yes, no };

// Does not wait: when the listener's queue is full, it is there.
Result<Listening> probe(const std::string& path, const sockaddr_un& address) {
  const Descriptor client(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!client.is_open()) return system_error("socket", errno);
  const auto* const generic = reinterpret_cast<const sockaddr*>(&address);
  if (::connect(client.get(), generic, sizeof address) == 0) return Listening::yes;
  if (errno == EAGAIN) return Listening::yes;
  if (errno == ECONNREFUSED) return Listening::no;
  return error_of(path, "connect to a Unix socket", errno);
}

// Looks at the file first: connecting to what is no socket is refused like connecting to a socket
// without listener.
Result<void> make_way(const std::string& path, const sockaddr_un& address) {
  struct stat file {};
  if (::lstat(path.c_str(), &file) != 0) {
    if (errno == ENOENT) return {};
    return error_of(path, "look at a Unix socket", errno);
  }
  if (!S_ISSOCK(file.st_mode)) return refusal(path, "is there already and is no socket");
  TRY(const Listening listening, probe(path, address));
  if (listening == Listening::yes) return refusal(path, "is in use");
  if (::unlink(path.c_str()) != 0 && errno != ENOENT) {
    return error_of(path, "remove a left-over Unix socket", errno);
  }
  return {};
}

}  // namespace

Result<std::unique_ptr<SocketFile>> SocketFile::bind(int socket, const std::string& path) {
  TRY(const sockaddr_un address, address_of(path));
  TRY(make_way(path, address));
  // On Linux the file is made with the mode of the socket, less the umask: so it is never open to
  // others, not even for a moment.
  if (::fchmod(socket, owner_only) != 0) return system_error("fchmod of a socket", errno);
  const auto* const generic = reinterpret_cast<const sockaddr*>(&address);
  if (::bind(socket, generic, sizeof address) != 0) return error_of(path, "bind", errno);
  struct stat file {};
  if (::lstat(path.c_str(), &file) != 0) return system_error("look at a Unix socket", errno);
  auto made = std::make_unique<SocketFile>(path, file.st_dev, file.st_ino);
  if ((file.st_mode & ALLPERMS & ~owner_only) != 0) {
    return internal_error("a Unix socket is open to others");
  }
  return made;
}

SocketFile::~SocketFile() {
  struct stat file {};
  if (::lstat(path_.c_str(), &file) != 0) return;
  if (file.st_dev != device_ || file.st_ino != node_) return;
  if (::unlink(path_.c_str()) != 0) {
    log::warning("a Unix socket was left over", {{"path", path_}});
  }
}

}  // namespace hallmark::http
