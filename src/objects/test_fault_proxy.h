// A TCP proxy on this machine that breaks an exchange where the test says. Only for tests.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include <fmt/format.h>

#include "base/check.h"

namespace hallmark::objects::test {

enum class Fault {
  reset,  // TCP's RST
  close,  // an orderly end
  stall,  // nothing more comes, and the connection stays
};
enum class Side { request, response };

class FaultProxy {
 public:
  explicit FaultProxy(unsigned short target) : target_(target), listener_(new_socket()) {
    sockaddr_in address = loopback(0);
    socklen_t size = sizeof address;
    auto* const generic = reinterpret_cast<sockaddr*>(&address);
    CHECK(::bind(listener_, generic, size) == 0 && ::listen(listener_, 16) == 0);
    CHECK(::getsockname(listener_, generic, &size) == 0);
    port_ = ntohs(address.sin_port);
    acceptor_ = std::jthread([this] { accept_all(); });
  }
  ~FaultProxy() {
    is_over_ = true;
    ::shutdown(listener_, SHUT_RDWR);
    acceptor_.join();
    pumps_.clear();  // joins
    ::close(listener_);
  }
  FaultProxy(const FaultProxy&) = delete;
  FaultProxy& operator=(const FaultProxy&) = delete;

  std::string url() const { return fmt::format("s3:http://127.0.0.1:{}", port_); }
  // Once, when so many more bytes have passed on that side, on whatever connection.
  void arm(Fault fault, Side side, std::size_t bytes) {
    const std::lock_guard lock(mutex_);
    fault_ = fault;
    side_ = side;
    left_ = bytes;
    is_armed_ = true;
  }
  bool is_armed() {
    const std::lock_guard lock(mutex_);
    return is_armed_;
  }

 private:
  static int new_socket() {
    const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    CHECK(socket >= 0);
    return socket;
  }
  static sockaddr_in loopback(unsigned short port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(port);
    return address;
  }

  void accept_all() {
    while (!is_over_) {
      const int client = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
      if (client < 0) return;
      const int server = new_socket();
      const sockaddr_in address = loopback(target_);
      const auto* const generic = reinterpret_cast<const sockaddr*>(&address);
      CHECK(::connect(server, generic, sizeof address) == 0);
      pumps_.emplace_back([this, client, server] { pump(client, server); });
    }
  }

  void pump(int client, int server) {
    pollfd both[2] = {{client, POLLIN, 0}, {server, POLLIN, 0}};
    bool is_open = true;
    while (is_open && !is_over_) {
      if (::poll(both, 2, 20) <= 0) continue;
      if (both[0].revents != 0) is_open = pass(client, server, client, Side::request);
      if (is_open && both[1].revents != 0) is_open = pass(server, client, client, Side::response);
    }
    ::close(client);
    ::close(server);
  }

  // False: this connection is over.
  bool pass(int from, int to, int client, Side side) {
    char buffer[4096];
    const ssize_t got = ::recv(from, buffer, sizeof buffer, 0);
    if (got <= 0) return false;
    std::size_t size = std::size_t(got);
    bool strikes = false;
    Fault fault = Fault::reset;
    {
      const std::lock_guard lock(mutex_);
      if (is_armed_ && side_ == side) {
        strikes = size > left_;
        if (strikes) size = left_;
        left_ -= size;
        if (strikes) is_armed_ = false;
        fault = fault_;
      }
    }
    if (size > 0 && ::send(to, buffer, size, MSG_NOSIGNAL) < 0) return false;
    if (!strikes) return true;
    if (fault == Fault::stall) {
      while (!is_over_) std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    if (fault == Fault::reset) {
      const linger now = {1, 0};
      ::setsockopt(client, SOL_SOCKET, SO_LINGER, &now, sizeof now);
    }
    return false;
  }

  const unsigned short target_;
  const int listener_;
  unsigned short port_ = 0;
  std::atomic<bool> is_over_ = false;
  std::mutex mutex_;
  Fault fault_ = Fault::reset;
  Side side_ = Side::response;
  std::size_t left_ = 0;
  bool is_armed_ = false;
  std::vector<std::jthread> pumps_;
  std::jthread acceptor_;
};

}  // namespace hallmark::objects::test
