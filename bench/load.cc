#include "bench/load.h"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <memory>

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace hallmark::bench {
namespace {

using Clock = std::chrono::steady_clock;

class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return number_; }

 private:
  const int number_;
};

struct Connection {
  explicit Connection(int socket) : descriptor(socket) {}
  Descriptor descriptor;
  std::string received;
  Clock::time_point sent_at;
};

Result<int> connect_to(const std::string& address, unsigned short port) {
  sockaddr_in target = {};
  target.sin_family = AF_INET;
  target.sin_port = htons(port);
  if (::inet_pton(AF_INET, address.c_str(), &target.sin_addr) != 1)
    return invalid("not an IPv4 address");
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (socket < 0) return system_error("socket", errno);
  const int on = 1;
  ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  if (::connect(socket, reinterpret_cast<sockaddr*>(&target), sizeof target) != 0) {
    const int number = errno;
    ::close(socket);
    return system_error("connect", number);
  }
  return socket;
}

// Requests are small: a loopback socket takes them whole.
Result<void> send_all(int socket, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t count = ::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (count < 0) return system_error("send", errno);
    bytes.remove_prefix(std::size_t(count));
  }
  return {};
}

// The length of the answer at the front of `received`, or 0 while it is not whole.
std::size_t answer_length(std::string_view received) {
  const std::size_t head = received.find("\r\n\r\n");
  const std::size_t field = received.find("Content-Length: ");
  if (head == std::string_view::npos || field == std::string_view::npos || field > head) return 0;
  std::size_t length = 0;
  std::from_chars(received.data() + field + 16, received.data() + head, length);
  const std::size_t whole = head + 4 + length;
  return received.size() >= whole ? whole : 0;
}

Result<void> receive_some(Connection& connection) {
  char buffer[16 * 1024];
  const ssize_t count = ::recv(connection.descriptor.get(), buffer, sizeof buffer, 0);
  if (count < 0) return system_error("recv", errno);
  if (count == 0) return internal_error("the server closed a connection");
  connection.received.append(buffer, std::size_t(count));
  return {};
}

}  // namespace

Result<LoadResult> run_load(const LoadOptions& options, const NextRequest& next) {
  const Descriptor poll(::epoll_create1(EPOLL_CLOEXEC));
  std::vector<std::unique_ptr<Connection>> connections;
  const auto start = Clock::now();
  for (int i = 0; i < options.connections; ++i) {
    TRY(auto socket, connect_to(options.address, options.port));
    auto connection = std::make_unique<Connection>(socket);
    epoll_event event = {.events = EPOLLIN, .data = {.ptr = connection.get()}};
    if (::epoll_ctl(poll.get(), EPOLL_CTL_ADD, socket, &event) != 0)
      return system_error("epoll", errno);
    connection->sent_at = Clock::now();
    TRY(send_all(socket, next()));
    connections.push_back(std::move(connection));
  }
  LoadResult result;
  const auto end = start + std::chrono::duration<double>(options.seconds);
  while (Clock::now() < end) {
    epoll_event events[64];
    const int ready = ::epoll_wait(poll.get(), events, 64, 100);
    for (int i = 0; i < ready; ++i) {
      auto& connection = *static_cast<Connection*>(events[i].data.ptr);
      TRY(receive_some(connection));
      const std::size_t length = answer_length(connection.received);
      if (length == 0) continue;
      const auto now = Clock::now();
      result.latencies.push_back(std::uint32_t(
          std::chrono::duration_cast<std::chrono::microseconds>(now - connection.sent_at).count()));
      ++result.answered;
      if (!connection.received.starts_with("HTTP/1.1 200")) ++result.failed;
      connection.received.erase(0, length);
      connection.sent_at = now;
      TRY(send_all(connection.descriptor.get(), next()));
    }
  }
  result.seconds = std::chrono::duration<double>(Clock::now() - start).count();
  std::ranges::sort(result.latencies);
  return result;
}

Result<std::string> fetch(const std::string& address, unsigned short port,
                          const std::string& request) {
  TRY(auto socket, connect_to(address, port));
  Connection connection(socket);
  TRY(send_all(socket, request));
  for (;;) {
    TRY(receive_some(connection));
    const std::size_t length = answer_length(connection.received);
    if (length == 0) continue;
    return connection.received.substr(connection.received.find("\r\n\r\n") + 4);
  }
}

}  // namespace hallmark::bench
