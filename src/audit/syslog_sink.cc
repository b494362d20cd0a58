#include <cerrno>
#include <chrono>
#include <cstring>
#include <thread>

#include <linux/sockios.h>
#include <netdb.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <fmt/format.h>

#include "audit/log_sink.h"
#include "base/clock.h"
#include "base/descriptor.h"
#include "base/handle.h"

namespace hallmark::audit {
namespace {

using Transport = SyslogAddress::Transport;

constexpr int facility_log_audit = 13;  // RFC 5424 §6.2.1
constexpr int severity_informational = 6;
constexpr std::size_t host_bytes_max = 255;  // RFC 5424 §6
constexpr auto send_seconds_max = std::chrono::seconds(2);
constexpr auto acknowledged_within = std::chrono::seconds(2);
constexpr auto acknowledged_poll = std::chrono::milliseconds(2);

using Addresses = Handle<addrinfo, ::freeaddrinfo>;

Result<Addresses> resolve(const SyslogAddress& address) {
  addrinfo hints = {};
  hints.ai_socktype = address.transport == Transport::udp ? SOCK_DGRAM : SOCK_STREAM;
  addrinfo* found = nullptr;
  const int code = ::getaddrinfo(address.host.c_str(), address.port.c_str(), &hints, &found);
  if (code != 0) return unavailable(fmt::format("resolve the syslog host: {}", gai_strerror(code)));
  return Addresses(found);
}

// PRINTUSASCII without spaces; "-" is RFC 5424's word for none.
std::string header_name(const std::string& host) {
  std::string name;
  for (const char c : host.substr(0, host_bytes_max)) name += c > ' ' && c < 0x7f ? c : '_';
  return name.empty() ? "-" : name;
}

class SyslogSink final : public LogSink {
 public:
  SyslogSink(SyslogAddress address, const std::string& host)
      : address_(std::move(address)), host_(header_name(host)) {}

  std::string_view name() const override { return "syslog"; }
  std::size_t line_bytes_max() const override { return syslog_line_bytes_max; }

  std::int64_t records_in_doubt() const override {
    return address_.transport == Transport::tcp ? stream_records_in_doubt : 0;
  }

  Result<std::optional<LastRecord>> open() override {
    socket_.reset(-1);
    TRY(address_.transport == Transport::unix_socket ? connect_unix() : connect_any());
    return std::optional<LastRecord>();
  }
  bool is_current() const override {
    return socket_.is_open() && (address_.transport != Transport::tcp || check_connection());
  }
  Result<void> set_aside() override { return internal_error("a syslog server keeps its own log"); }

  Result<void> write(std::span<const std::string> lines) override {
    if (!socket_.is_open()) return internal_error("the syslog socket is not open");
    auto written = address_.transport == Transport::tcp ? write_stream(lines) : write_each(lines);
    if (!written) socket_.reset(-1);
    return written;
  }

 private:
  // RFC 5424 §6; the time is that of sending, for the record has its own.
  std::string message_of(const std::string& line) const {
    return fmt::format("<{}>1 {} {} hallmark {} audit - {}",
                       facility_log_audit * 8 + severity_informational,
                       to_rfc3339(SystemClock().now()), host_, ::getpid(), line);
  }

  Result<void> connect_unix() {
    sockaddr_un name = {};
    name.sun_family = AF_UNIX;
    std::memcpy(name.sun_path, address_.host.data(), address_.host.size());  // parsed: it fits
    socket_.reset(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    if (!socket_.is_open()) return system_error("make a syslog socket", errno);
    TRY(set_timeouts());
    if (::connect(socket_.get(), reinterpret_cast<const sockaddr*>(&name), sizeof(name)) != 0) {
      return unavailable(fmt::format("connect to syslog: {}", std::strerror(errno)));
    }
    return {};
  }

  Result<void> connect_any() {
    TRY(const Addresses addresses, resolve(address_));
    Result<void> outcome = unavailable("the syslog host has no address");
    for (const addrinfo* one = addresses.get(); one != nullptr; one = one->ai_next) {
      outcome = connect_one(*one);
      if (outcome) return outcome;
    }
    return outcome;
  }

  Result<void> connect_one(const addrinfo& address) {
    socket_.reset(::socket(address.ai_family, address.ai_socktype | SOCK_CLOEXEC, 0));
    if (!socket_.is_open()) return system_error("make a syslog socket", errno);
    TRY(set_timeouts());
    if (::connect(socket_.get(), address.ai_addr, address.ai_addrlen) == 0) return {};
    const int number = errno;
    socket_.reset(-1);
    return unavailable(fmt::format("connect to syslog: {}", std::strerror(number)));
  }

  // Of connecting, too.
  Result<void> set_timeouts() {
    const timeval most = {.tv_sec = send_seconds_max.count(), .tv_usec = 0};
    if (::setsockopt(socket_.get(), SOL_SOCKET, SO_SNDTIMEO, &most, sizeof(most)) != 0) {
      return system_error("setsockopt", errno);
    }
    return {};
  }

  Result<void> write_each(std::span<const std::string> lines) {
    for (const std::string& line : lines) {
      const std::string message = message_of(line);
      if (::send(socket_.get(), message.data(), message.size(), MSG_NOSIGNAL) < 0) {
        return unavailable(fmt::format("send to syslog: {}", std::strerror(errno)));
      }
    }
    return {};
  }

  Result<void> write_stream(std::span<const std::string> lines) {
    TRY(check_connection());
    std::string stream;
    for (const std::string& line : lines) {
      const std::string message = message_of(line);
      stream += fmt::format("{} {}", message.size(), message);
    }
    for (std::string_view rest = stream; !rest.empty();) {
      const ssize_t count = ::send(socket_.get(), rest.data(), rest.size(), MSG_NOSIGNAL);
      if (count < 0 && errno == EINTR) continue;
      if (count < 0) return unavailable(fmt::format("send to syslog: {}", std::strerror(errno)));
      rest.remove_prefix(std::size_t(count));
    }
    return wait_for_acknowledgement();
  }

  // A peer that has closed takes what is sent to it and drops it.
  Result<void> check_connection() const {
    char byte = 0;
    const ssize_t count = ::recv(socket_.get(), &byte, 1, MSG_DONTWAIT | MSG_PEEK);
    if (count > 0 || (count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))) return {};
    return unavailable("the syslog server has closed the connection");
  }

  Result<void> wait_for_acknowledgement() {
    const auto deadline = std::chrono::steady_clock::now() + acknowledged_within;
    for (;;) {
      int unacknowledged = 0;
      if (::ioctl(socket_.get(), SIOCOUTQ, &unacknowledged) != 0) {
        return system_error("ioctl SIOCOUTQ", errno);
      }
      if (unacknowledged == 0) return check_connection();
      if (std::chrono::steady_clock::now() > deadline) {
        return unavailable("the syslog server acknowledges nothing");
      }
      std::this_thread::sleep_for(acknowledged_poll);
    }
  }

  const SyslogAddress address_;
  const std::string host_;
  Descriptor socket_;
};

}  // namespace

std::unique_ptr<LogSink> syslog_sink(SyslogAddress address, const std::string& host) {
  return std::make_unique<SyslogSink>(std::move(address), host);
}

}  // namespace hallmark::audit
