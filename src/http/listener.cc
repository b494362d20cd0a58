#include "http/listener.h"

#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <optional>
#include <string>
#include <utility>

#include <fmt/format.h>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/socket_base.hpp>

#include "base/check.h"
#include "base/guarded.h"
#include "base/log.h"

namespace hallmark::http {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

constexpr auto full_reports_interval = std::chrono::seconds(60);
constexpr int accepted_at_once_max = 16;  // then the first worker's connections have their turn

Result<tcp::endpoint> endpoint_of(const ServerOptions& options) {
  error_code code;
  const auto address = asio::ip::make_address(options.address, code);
  if (code) return invalid(fmt::format("{} is not a numeric IP address", options.address));
  const bool may_be_network = options.entry.tls != nullptr || options.plain == Plain::on_network;
  if (!address.is_loopback() && !may_be_network) {
    return invalid(fmt::format("{} is not a loopback address", options.address));
  }
  return tcp::endpoint(address, options.port);
}

Error listen_error(const ServerOptions& options, const error_code& code) {
  const std::string address = fmt::format("{}:{}", options.address, options.port);
  if (code == asio::error::address_in_use) return invalid(address + " is in use");
  if (code == asio::error::access_denied) return invalid(address + " is not permitted to us");
  if (code == boost::system::errc::address_not_available) {
    return invalid(address + " is no address of this machine");
  }
  return system_error("listen", code.value());
}

tcp::endpoint tcp_endpoint_of(const Protocol::endpoint& endpoint) {
  tcp::endpoint converted;
  CHECK(endpoint.size() <= converted.capacity());
  std::memcpy(converted.data(), endpoint.data(), endpoint.size());
  return converted;
}

// The one form of an address, whatever socket it came through: on [::] IPv4 peers are mapped.
AddressBlock address_of(const Protocol::endpoint& endpoint) {
  const asio::ip::address address = tcp_endpoint_of(endpoint).address();
  if (address.is_v4()) return ipv4_address(address.to_v4().to_bytes());
  AddressBlock converted;
  std::ranges::copy(address.to_v6().to_bytes(), converted.bytes.begin());
  return converted;
}

Result<Peer> tcp_peer_of(Socket& socket, const AddressBlock& address) {
  error_code code;
  socket.set_option(tcp::no_delay(true), code);
  if (code) return system_error("set an option of a connection", code.value());
  return Peer{.address = text_of(address)};
}

// The user at the time of connecting: what the process becomes later changes nothing.
Result<Peer> unix_peer_of(Socket& socket) {
  ucred credentials{};
  socklen_t bytes = sizeof credentials;
  const int got =
      ::getsockopt(socket.native_handle(), SOL_SOCKET, SO_PEERCRED, &credentials, &bytes);
  if (got != 0) return system_error("read the credentials of a peer", errno);
  CHECK(bytes == sizeof credentials);
  return Peer{.address = {}, .secure = true, .user = credentials.uid};
}

}  // namespace

Listener::Listener(const Workers& workers, const ServerParts& parts, Places& places)
    : workers_(workers),
      parts_(parts),
      places_(places),
      acceptor_(workers.front()->executor()),
      retry_timer_(workers.front()->executor()) {}

Result<void> Listener::open(const ServerOptions& options) {
  const std::size_t of_each = options.entry.connections_per_address_max;
  places_.set_bounds(options.connections_max, of_each > 0 ? of_each : options.connections_max);
  if (options.socket_path.empty()) return open_tcp(options);
  return open_unix(options.socket_path);
}

Result<void> Listener::open_tcp(const ServerOptions& options) {
  TRY(const tcp::endpoint endpoint, endpoint_of(options));
  error_code code;
  acceptor_.open(endpoint.protocol(), code);
  // Connections of the last run may still be in TIME_WAIT; another listener is refused even so.
  if (!code) acceptor_.set_option(asio::socket_base::reuse_address(true), code);
  if (!code) acceptor_.bind(endpoint, code);
  if (!code) acceptor_.listen(asio::socket_base::max_listen_connections, code);
  if (!code) acceptor_.non_blocking(true, code);
  if (code) return listen_error(options, code);
  const Protocol::endpoint bound = acceptor_.local_endpoint(code);
  if (code) return listen_error(options, code);
  port_ = tcp_endpoint_of(bound).port();
  return {};
}

Result<void> Listener::open_unix(const std::string& path) {
  error_code code;
  acceptor_.open(asio::local::stream_protocol(), code);
  if (code) return system_error("open a Unix socket", code.value());
  TRY(socket_file_, SocketFile::bind(acceptor_.native_handle(), path));
  acceptor_.listen(asio::socket_base::max_listen_connections, code);
  if (!code) acceptor_.non_blocking(true, code);
  if (code) return system_error("listen on a Unix socket", code.value());
  return {};
}

void Listener::accept() {
  acceptor_.async_wait(decltype(acceptor_)::wait_read,
                       [this](const error_code& code) { on_arrivals(code); });
}

void Listener::close() {
  socket_file_.reset();  // while the open socket keeps the file's number from being used again
  error_code ignored;    // the descriptor is gone in any case
  acceptor_.close(ignored);
  retry_timer_.cancel();
}

// Waiting and accepting are apart, because an async_accept that runs out of memory is lost without
// a word: here a connection may be lost, but not the accepting.
void Listener::on_arrivals(const error_code& code) {
  if (!acceptor_.is_open()) return;
  const auto accepted = guarded([&]() -> Result<void> {
    if (code) return system_error("wait for connections", code.value());
    TRY(accept_some());
    accept();
    return {};
  });
  if (!accepted) return retry_later(accepted.error());
  is_failing_ = false;
}

Result<void> Listener::accept_some() {
  for (int i = 0; i < accepted_at_once_max; ++i) {
    Worker& worker = *workers_[turn_ % workers_.size()];
    Socket socket(worker.executor());
    Protocol::endpoint peer;
    error_code code;
    acceptor_.accept(socket, peer, code);
    if (code == asio::error::would_block) break;
    if (code) return system_error("accept", code.value());
    ++turn_;
    deal(worker, std::move(socket), peer);
  }
  return {};
}

// A socket that is not dealt is closed by its end.
void Listener::deal(Worker& worker, Socket socket, const Protocol::endpoint& endpoint) {
  AddressBlock address;
  if (!socket_file_) address = address_of(endpoint);
  const bool is_exempt =
      socket_file_ || is_loopback(address) || parts_.entry.proxies.contain(address);
  auto taken = places_.take(is_exempt ? std::nullopt : std::optional(address));
  if (!taken.place) return report_full(taken.full, text_of(address));
  auto peer = socket_file_ ? unix_peer_of(socket) : tcp_peer_of(socket, address);
  if (!peer) return;  // the client has gone already
  worker.adopt({std::move(socket), *std::move(peer), *std::move(taken.place)});
}

void Listener::report_full(Places::Full full, const std::string& address) {
  const auto now = SteadyClock::now();
  if (now < next_report_) return;
  next_report_ = now + full_reports_interval;
  if (full == Places::Full::all) return log::warning("too many connections: new ones are closed");
  log::warning("an address has too many connections: new ones of it are closed",
               {{"peer", address}});
}

// Mostly EMFILE: trying at once would fail at once.
void Listener::retry_later(const Error& reason) {
  if (!std::exchange(is_failing_, true)) {
    log::warning("no connection can be accepted", {{"error", describe(reason)}});
  }
  retry_timer_.expires_after(parts_.limits.accept_retry_delay);
  retry_timer_.async_wait([this](const error_code&) {
    if (acceptor_.is_open()) accept();
  });
}

}  // namespace hallmark::http
