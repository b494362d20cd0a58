#include "cli/service_manager.h"

#include <algorithm>
#include <cerrno>
#include <cstddef>

#include <sys/socket.h>
#include <sys/un.h>

#include "base/descriptor.h"
#include "base/log.h"
#include "cli/client_settings.h"

namespace hallmark::cli {
Result<void> notify_manager(const std::string& socket, std::string_view state) {
  if (socket.empty()) return {};
  sockaddr_un address = {};
  address.sun_family = AF_UNIX;
  const bool is_named = socket.front() == '/' || socket.front() == '@';
  if (!is_named || socket.size() >= sizeof address.sun_path) {
    return invalid("NOTIFY_SOCKET names no socket.");
  }
  std::ranges::copy(socket, address.sun_path);
  if (socket.front() == '@') address.sun_path[0] = '\0';  // abstract: unix(7)
  const auto length = socklen_t(offsetof(sockaddr_un, sun_path) + socket.size());

  const Descriptor from(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  if (!from.is_open()) return system_error("socket", errno);
  const ssize_t sent = ::sendto(from.get(), state.data(), state.size(), MSG_NOSIGNAL,
                                reinterpret_cast<const sockaddr*>(&address), length);
  if (sent < 0) return system_error("sendto NOTIFY_SOCKET", errno);
  return {};
}

void notify_manager(std::string_view state) {
  const auto told = notify_manager(variable_of_process("NOTIFY_SOCKET"), state);
  if (!told) {
    log::warning("the service manager could not be told",
                 {{"state", std::string(state)}, {"reason", describe(told.error())}});
  }
}

}  // namespace hallmark::cli
