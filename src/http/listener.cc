#include "http/listener.h"

#include <string>
#include <utility>

#include <fmt/format.h>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/socket_base.hpp>

#include "base/guarded.h"
#include "base/log.h"

namespace hallmark::http {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

constexpr int accepted_at_once_max = 16;  // then the first worker's connections have their turn

Result<tcp::endpoint> endpoint_of(const ServerOptions& options) {
  error_code code;
  const auto address = asio::ip::make_address(options.address, code);
  if (code) return invalid(fmt::format("{} is not a numeric IP address", options.address));
  if (!address.is_loopback()) {
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

}  // namespace

Listener::Listener(const Workers& workers, const ServerParts& parts,
                   std::atomic<std::size_t>& open_connections)
    : workers_(workers),
      parts_(parts),
      open_connections_(open_connections),
      acceptor_(workers.front()->executor()),
      retry_timer_(workers.front()->executor()) {}

Result<void> Listener::open(const ServerOptions& options) {
  TRY(const tcp::endpoint endpoint, endpoint_of(options));
  error_code code;
  acceptor_.open(endpoint.protocol(), code);
  // Connections of the last run may still be in TIME_WAIT; another listener is refused even so.
  if (!code) acceptor_.set_option(asio::socket_base::reuse_address(true), code);
  if (!code) acceptor_.bind(endpoint, code);
  if (!code) acceptor_.listen(asio::socket_base::max_listen_connections, code);
  if (!code) acceptor_.non_blocking(true, code);
  if (code) return listen_error(options, code);
  port_ = acceptor_.local_endpoint(code).port();
  if (code) return listen_error(options, code);
  connections_max_ = options.connections_max;
  return {};
}

void Listener::accept() {
  acceptor_.async_wait(decltype(acceptor_)::wait_read,
                       [this](const error_code& code) { on_arrivals(code); });
}

void Listener::close() {
  error_code ignored;  // the descriptor is gone in any case
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
    tcp::endpoint peer;
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
void Listener::deal(Worker& worker, Socket socket, const tcp::endpoint& peer) {
  ++open_connections_;
  Place place(&open_connections_);
  const bool was_full = std::exchange(is_full_, open_connections_ > connections_max_);
  if (is_full_) {
    if (!was_full) log::warning("too many connections: new ones are closed");
    return;
  }
  error_code code;
  socket.set_option(tcp::no_delay(true), code);
  if (code) return;  // the client has gone already
  worker.adopt({std::move(socket), Peer{.address = peer.address().to_string()}, std::move(place)});
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
