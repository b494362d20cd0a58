#include "http/tls_session.h"

#include <utility>

#include <openssl/err.h>

#include "http/tls_openssl.h"

namespace hallmark::http {
namespace {

using State = TlsStep::State;

class OpensslSession final : public TlsSession {
 public:
  OpensslSession(std::shared_ptr<const TlsIdentity> identity, SslHandle ssl)
      : identity_(std::move(identity)), ssl_(std::move(ssl)) {}

  TlsStep handshake() override {
    ERR_clear_error();
    const TlsStep step = step_of(SSL_accept(ssl_.get()), 0);
    is_established_ = step.state == State::done;
    return step;
  }

  TlsStep read(MutableByteView into) override {
    ERR_clear_error();
    std::size_t bytes = 0;
    const int returned = SSL_read_ex(ssl_.get(), into.data(), into.size(), &bytes);
    return step_of(returned, bytes);
  }

  TlsStep write(ByteView bytes) override {
    ERR_clear_error();
    std::size_t written = 0;
    const int returned = SSL_write_ex(ssl_.get(), bytes.data(), bytes.size(), &written);
    const TlsStep step = step_of(returned, written);
    is_record_whole_ = step.state == State::done;
    return step;
  }

  void say_end() override {
    if (!is_established_ || is_broken_ || !is_record_whole_) return;
    is_record_whole_ = false;
    ERR_clear_error();
    if (SSL_shutdown(ssl_.get()) < 0) ERR_clear_error();  // the client learns it from the socket
  }

  const std::string& failure() const override { return failure_; }

 private:
  TlsStep step_of(int returned, std::size_t bytes) {
    switch (SSL_get_error(ssl_.get(), returned)) {
      case SSL_ERROR_NONE: return {State::done, bytes};
      case SSL_ERROR_WANT_READ: return {State::waits_to_read, 0};
      case SSL_ERROR_WANT_WRITE: return {State::waits_to_write, 0};
      case SSL_ERROR_ZERO_RETURN: return {State::ended, 0};
      default: break;
    }
    is_broken_ = true;  // after this not even the end may be said (SSL_shutdown(3))
    if (ERR_peek_error() != 0) failure_ = tls_reasons();
    return {State::failed, 0};
  }

  const std::shared_ptr<const TlsIdentity> identity_;
  const SslHandle ssl_;
  bool is_established_ = false;
  bool is_broken_ = false;
  bool is_record_whole_ = true;  // no record is half written
  std::string failure_;
};

}  // namespace

Result<std::unique_ptr<TlsSession>> TlsSession::begin(std::shared_ptr<const TlsIdentity> identity,
                                                      int socket) {
  SslHandle ssl(SSL_new(identity->context().ssl.get()));
  if (!ssl || SSL_set_fd(ssl.get(), socket) != 1) {
    return internal_error("begin TLS: " + tls_reasons());
  }
  return std::unique_ptr<TlsSession>(
      std::make_unique<OpensslSession>(std::move(identity), std::move(ssl)));
}

}  // namespace hallmark::http
