#include "bench/connection.h"

#include <cerrno>
#include <charconv>

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

namespace hallmark::bench {
namespace {

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

}  // namespace

Result<void> Connection::open() {
  if (descriptor_ >= 0) return {};
  sockaddr_in target = {};
  target.sin_family = AF_INET;
  target.sin_port = htons(port_);
  target.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  descriptor_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (descriptor_ < 0) return system_error("socket", errno);
  const int on = 1;
  if (::setsockopt(descriptor_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on) != 0)
    return system_error("setsockopt", errno);
  if (::connect(descriptor_, reinterpret_cast<sockaddr*>(&target), sizeof target) != 0)
    return system_error("connect", errno);
  return {};
}

void Connection::close() {
  if (descriptor_ >= 0) ::close(descriptor_);
  descriptor_ = -1;
  received_.clear();
}

Result<void> Connection::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t count = ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (count < 0) return system_error("send", errno);
    bytes.remove_prefix(std::size_t(count));
  }
  return {};
}

Result<Connection::Received> Connection::receive() {
  char buffer[16 * 1024];
  const ssize_t count = ::recv(descriptor_, buffer, sizeof buffer, 0);
  if (count < 0) return system_error("recv", errno);
  if (count == 0) return Received::closed;
  received_.append(buffer, std::size_t(count));
  answer_bytes_ = answer_length(received_);
  return answer_bytes_ > 0 ? Received::whole : Received::part;
}

Connection::Answer Connection::take_answer() {
  Answer answer{.is_ok = received_.compare(8, 4, " 200") == 0,
                .closes = received_.starts_with("HTTP/1.0") ||
                          received_.find("Connection: close") < answer_bytes_,
                .text = {}};
  if (!answer.is_ok) answer.text = received_.substr(0, answer_bytes_);
  received_.erase(0, answer_bytes_);
  answer_bytes_ = 0;
  return answer;
}

}  // namespace hallmark::bench
