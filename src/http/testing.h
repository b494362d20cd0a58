// A server and a raw client for the tests of http. Not part of the library.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include <atomic>
#include <charconv>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <gtest/gtest.h>

#include "http/server.h"
#include "http/server_parts.h"

namespace hallmark::http::testing {

using namespace std::chrono_literals;

inline constexpr auto patience = 10s;  // how long a test waits for what must come
inline constexpr auto soon = 20ms;     // a deadline that a test waits for

// Limits of a server that notices at once what is overdue.
inline ServerLimits quick() {
  ServerLimits limits;
  limits.sweep_interval = 2ms;
  limits.linger_deadline = soon;
  return limits;
}

// The same with one deadline that passes soon.
inline ServerLimits quick(ServerLimits::Duration ServerLimits::*deadline) {
  ServerLimits limits = quick();
  limits.*deadline = soon;
  return limits;
}

class CountingRandom final : public Random {
 public:
  void fill(MutableByteView bytes) override {
    for (auto& byte : bytes) byte = std::uint8_t(count_++);
  }

 private:
  std::atomic<unsigned> count_ = 0;
};

inline int status_of(ErrorKind kind) {
  if (kind == ErrorKind::bad_request) return 400;
  if (kind == ErrorKind::too_slow) return 408;
  if (kind == ErrorKind::length_required) return 411;
  if (kind == ErrorKind::too_large) return 413;
  if (kind == ErrorKind::internal) return 500;
  return 503;
}

inline Response response_of(std::string body) {
  return {.status = 200, .headers = {}, .body = std::move(body)};
}

// "POST /path?query body"
inline std::string summary_of(const Request& request) {
  std::string text(name_of(request.method));
  text.append(" ").append(request.path).append("?").append(request.query);
  return text.append(" ").append(request.body);
}

inline constexpr auto echo = [](const Request& request, Reply reply) {
  reply(response_of(summary_of(request)));
};

// A server on a free port, with the handler and the limits that the test gives it.
class TestServer {
 public:
  explicit TestServer(Handler handler, const ServerLimits& limits = {},
                      const ServerOptions& options = {.address = "127.0.0.1",
                                                      .port = 0,
                                                      .threads = 2})
      : handler_(std::move(handler)) {
    auto server = listen_with(options, {handler_, refuse_, clock_, random_, limits});
    if (!server) {
      ADD_FAILURE() << describe(server.error());
      std::abort();
    }
    server_ = *std::move(server);
    server_->start();
  }

  unsigned short port() const { return server_->port(); }
  void stop() { server_->stop(); }

 private:
  Handler handler_;
  RefusalRenderer refuse_ = [](const Error& error, std::string_view request_id) {
    Response response{.status = status_of(error.kind), .headers = {}, .body = error.message};
    response.headers.add("x-request-id", request_id);
    return response;
  };
  SystemClock clock_;
  CountingRandom random_;
  std::unique_ptr<Server> server_;
};

struct Answer {
  int status = 0;  // 0: none came
  std::string head;
  std::string body;

  bool has(std::string_view text) const { return head.find(text) != std::string::npos; }
};

struct LoopbackV6 {
  unsigned short port;
};

struct UnixSocket {
  std::string path;
};

// A blocking client that sends exactly what it is told to.
class Client {
 public:
  explicit Client(unsigned short port, int receive_buffer_bytes = 0) : Client(AF_INET) {
    if (receive_buffer_bytes > 0) {
      ::setsockopt(socket_, SOL_SOCKET, SO_RCVBUF, &receive_buffer_bytes,
                   sizeof receive_buffer_bytes);
    }
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    connect(reinterpret_cast<const sockaddr*>(&address), sizeof address);
  }
  explicit Client(LoopbackV6 server) : Client(AF_INET6) {
    sockaddr_in6 address{};
    address.sin6_family = AF_INET6;
    address.sin6_port = htons(server.port);
    address.sin6_addr = IN6ADDR_LOOPBACK_INIT;
    connect(reinterpret_cast<const sockaddr*>(&address), sizeof address);
  }
  explicit Client(const UnixSocket& server) : Client(AF_UNIX) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    server.path.copy(address.sun_path, sizeof address.sun_path - 1);
    connect(reinterpret_cast<const sockaddr*>(&address), sizeof address);
  }
  ~Client() {
    if (socket_ >= 0) ::close(socket_);
  }
  Client(Client&& other) noexcept
      : socket_(std::exchange(other.socket_, -1)),
        is_connected_(other.is_connected_),
        input_(std::move(other.input_)) {}
  Client& operator=(Client&&) = delete;

  bool is_connected() const { return is_connected_; }

  // False once the other end refuses to take more.
  bool send(std::string_view text) {
    while (!text.empty()) {
      const ssize_t sent = ::send(socket_, text.data(), text.size(), MSG_NOSIGNAL);
      if (sent <= 0) return false;
      text.remove_prefix(std::size_t(sent));
    }
    return true;
  }
  void end_sending() { ::shutdown(socket_, SHUT_WR); }

  Answer read_answer() {
    Answer answer = read_head();
    const std::size_t at = answer.head.find("Content-Length: ");
    std::size_t length = 0;
    if (at != std::string::npos) {
      const char* const digits = answer.head.data() + at + 16;
      std::from_chars(digits, answer.head.data() + answer.head.size(), length);
    }
    while (input_.size() < length && receive()) continue;
    answer.body = input_.substr(0, length);
    input_.erase(0, length);
    return answer;
  }

  // An answer without a body: to HEAD, or 100 Continue.
  Answer read_head() {
    std::size_t end = 0;
    while ((end = input_.find("\r\n\r\n")) == std::string::npos) {
      if (!receive()) return {};
    }
    Answer answer{.status = 0, .head = input_.substr(0, end + 2), .body = {}};
    input_.erase(0, end + 4);
    if (answer.head.starts_with("HTTP/1.1 ")) {
      std::from_chars(answer.head.data() + 9, answer.head.data() + 12, answer.status);
    }
    return answer;
  }

  Answer ask(std::string_view request) {
    send(request);
    return read_answer();
  }

  // Everything up to the end of the connection; nothing when it does not end.
  std::optional<std::string> read_to_end() {
    while (receive()) continue;
    if (errno == EAGAIN && !is_ended_) return std::nullopt;
    return std::exchange(input_, {});
  }
  bool is_closed() { return read_to_end() == ""; }

 private:
  explicit Client(int family) : socket_(::socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    const timeval wait{.tv_sec = patience.count(), .tv_usec = 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait);
    ::setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &wait, sizeof wait);
  }
  void connect(const sockaddr* address, socklen_t size) {
    is_connected_ = ::connect(socket_, address, size) == 0;
  }
  bool receive() {
    char bytes[16 * 1024];
    const ssize_t size = ::recv(socket_, bytes, sizeof bytes, 0);
    if (size > 0) input_.append(bytes, std::size_t(size));
    if (size == 0 || (size < 0 && errno == ECONNRESET)) is_ended_ = true;
    return size > 0;
  }

  int socket_;
  bool is_connected_ = false;
  bool is_ended_ = false;
  std::string input_;
};

inline bool has_ipv6_loopback() {
  const int probe = ::socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (probe < 0) return false;
  sockaddr_in6 address{};
  address.sin6_family = AF_INET6;
  address.sin6_addr = IN6ADDR_LOOPBACK_INIT;
  const bool is_bound =
      ::bind(probe, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  ::close(probe);
  return is_bound;
}

// A handler that keeps what it gets until the test takes it.
class Held {
 public:
  struct Pair {
    Request request;
    Reply reply;
  };

  Handler handler() {
    return [this](Request request, Reply reply) {
      const std::lock_guard lock(mutex_);
      pairs_.push_back({std::move(request), std::move(reply)});
      came_.notify_all();
    };
  }
  Pair take() {
    std::unique_lock lock(mutex_);
    if (!came_.wait_for(lock, patience, [this] { return !pairs_.empty(); })) {
      ADD_FAILURE() << "no request came";
      std::abort();
    }
    Pair pair = std::move(pairs_.front());
    pairs_.pop_front();
    return pair;
  }
  std::size_t size() {
    const std::lock_guard lock(mutex_);
    return pairs_.size();
  }

 private:
  std::mutex mutex_;
  std::condition_variable came_;
  std::deque<Pair> pairs_;
};

inline constexpr std::string_view simple_get = "GET /simple HTTP/1.1\r\nHost: a\r\n\r\n";

}  // namespace hallmark::http::testing
