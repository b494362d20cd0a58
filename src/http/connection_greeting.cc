// What a connection does before its first request.
#include <algorithm>
#include <utility>

#include "base/log.h"
#include "http/connection.h"
#include "http/proxy_protocol.h"

namespace hallmark::http {

using boost::system::error_code;

// One deadline for all of it, as for a request's header.
void Connection::greet() {
  enter(Phase::greeting, limits().header_deadline);
  if (is_proxy_ && entry().proxies.says == TrustedProxies::Says::before_all) {
    return on_proxy_header({}, 0);  // of nothing, all is missing
  }
  begin_tls();
}

// Past TLS, and never more than belongs to the header: what follows is TLS, or a request.
void Connection::read_proxy_header(std::size_t bytes) {
  stream_.async_read_raw(input_.prepare(bytes), [this, self = shared_from_this()](
                                                    const error_code& code, std::size_t size) {
    step([&] { on_proxy_header(code, size); });
  });
}

void Connection::on_proxy_header(const error_code& code, std::size_t bytes) {
  if (phase_ == Phase::closed) return;
  if (code) return close();
  input_.commit(bytes);
  const auto header = parse_proxy_header(input());
  if (!header) {
    if (worker_.may_report(Worker::Fault::proxy_header)) {
      log::warning("a proxy's connection is closed: it does not speak the PROXY protocol",
                   {{"peer", peer_.address}, {"error", describe(header.error())}});
    }
    return close();
  }
  if (header->missing_bytes > 0) return read_proxy_header(header->missing_bytes);
  input_.consume(input_.size());
  if (header->source) peer_.address = text_of(*header->source);
  if (header->secure) peer_.secure = *header->secure;
  is_security_known_ = header->secure.has_value();
  begin_tls();
}

void Connection::begin_tls() {
  if (entry().tls == nullptr) return await_first_request();
  const auto socket = stream_.native_socket();
  identity_ = entry().tls->current();
  auto session = socket ? TlsSession::begin(identity_, *socket)
                        : Result<std::unique_ptr<TlsSession>>(socket.error());
  if (!session) {
    log::error("TLS cannot begin", {{"error", describe(session.error())}});
    return close();
  }
  stream_.async_handshake(*std::move(session),
                          [this, self = shared_from_this()](const error_code& code, std::size_t) {
                            step([&] { on_handshake(code); });
                          });
}

void Connection::on_handshake(const error_code& code) {
  if (phase_ == Phase::closed) return;
  if (code) {
    const std::string& reason = stream_.tls_failure();
    if (!reason.empty() && worker_.may_report(Worker::Fault::handshake)) {
      log::info("a TLS handshake failed", {{"peer", peer_.address}, {"reason", reason}});
    }
    return linger();  // so that the alert, which says why, arrives
  }
  // Of a connection that a proxy passes on, the proxy may know better where its TLS ends.
  if (!is_security_known_) peer_.secure = true;
  await_first_request();
}

void Connection::await_first_request() {
  enter(Phase::idle, limits().first_byte_deadline);
  read();
}

}  // namespace hallmark::http
