// Stream: a connection's socket, with or without TLS over it. Private to http.
#pragma once

#include <concepts>
#include <cstddef>
#include <memory>
#include <string_view>
#include <utility>

#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>

#include "base/guarded.h"
#include "http/tls_session.h"
#include "http/worker.h"

namespace hallmark::http {

// One operation at a time. Handlers are called on the worker's thread, never within the call that
// starts the operation, with an error code and the number of bytes; they can be copied, throw
// nothing, and keep the stream alive. Starting throws when there is no memory.
class Stream {
 public:
  using ErrorCode = boost::system::error_code;

  explicit Stream(Socket socket) : socket_(std::move(socket)) {}

  // From here on it is TLS. The bytes of the handler mean nothing.
  template <class Handler>
  void async_handshake(std::unique_ptr<TlsSession> tls, Handler handler) {
    tls_ = std::move(tls);
    start([this] { return tls_->handshake(); }, std::move(handler));
  }

  template <class Handler>
  void async_read_some(boost::asio::mutable_buffer buffer, Handler handler) {
    if (!tls_) return socket_.async_read_some(buffer, std::move(handler));
    const MutableByteView into(static_cast<std::uint8_t*>(buffer.data()), buffer.size());
    start([this, into] { return tls_->read(into); }, std::move(handler));
  }

  // Of the socket itself, past TLS: before its begin and after its end.
  template <class Handler>
  void async_read_raw(boost::asio::mutable_buffer buffer, Handler handler) {
    socket_.async_read_some(buffer, std::move(handler));
  }

  // All of it. The bytes outlive the operation.
  template <class Handler>
  void async_write(std::string_view bytes, Handler handler) {
    if (!tls_) {
      return boost::asio::async_write(socket_, boost::asio::buffer(bytes), std::move(handler));
    }
    const auto write_rest = [this, rest = bytes_of(bytes)]() mutable {
      TlsStep step{.state = TlsStep::State::done};
      while (!rest.empty() && step.state == TlsStep::State::done) {
        step = tls_->write(rest);
        rest = rest.subspan(step.bytes);
      }
      return step;
    };
    start(write_rest, std::move(handler));
  }

  // Nothing will be written any more, and the client is told so.
  ErrorCode end_sending() {
    if (tls_) tls_->say_end();
    ErrorCode code;
    socket_.shutdown(Socket::shutdown_send, code);
    return code;
  }
  void cancel() {
    ErrorCode ignored;  // without a pending operation there is nothing to do
    socket_.cancel(ignored);
  }
  void close() {
    if (tls_) tls_->say_end();
    ErrorCode ignored;  // the descriptor is gone in any case
    socket_.close(ignored);
  }

  // For TlsSession: never blocks.
  Result<int> native_socket() {
    ErrorCode code;
    socket_.native_non_blocking(true, code);
    if (code) return system_error("make a socket non-blocking", code.value());
    return socket_.native_handle();
  }
  const std::string& tls_failure() const { return tls_->failure(); }

 private:
  template <std::invocable Operation, class Handler>
  void start(Operation operation, Handler handler) {
    const TlsStep step = operation();
    if (is_waiting(step)) return wait(step, std::move(operation), std::move(handler));
    // By way of the context, so that a client that sends much at once takes its turns with others,
    // and answers do not nest.
    boost::asio::post(socket_.get_executor(), [step, handler = std::move(handler)]() mutable {
      handler(code_of(step), step.bytes);
    });
  }

  template <std::invocable Operation, class Handler>
  void wait(const TlsStep& step, Operation operation, Handler handler) {
    const auto when =
        step.state == TlsStep::State::waits_to_read ? Socket::wait_read : Socket::wait_write;
    socket_.async_wait(when, [this, operation = std::move(operation),
                              handler = std::move(handler)](const ErrorCode& code) mutable {
      if (code) return handler(code, std::size_t{0});
      go_on(std::move(operation), std::move(handler));
    });
  }

  // Nobody above catches what is thrown here: the handler is told.
  template <std::invocable Operation, class Handler>
  void go_on(Operation operation, Handler handler) {
    // Another may have the number of a closed socket by now.
    if (!socket_.is_open()) return handler(boost::asio::error::operation_aborted, std::size_t{0});
    const TlsStep step = operation();
    if (!is_waiting(step)) return handler(code_of(step), step.bytes);
    const auto waits = guarded([&] { wait(step, operation, handler); });
    if (!waits) handler(boost::asio::error::no_memory, std::size_t{0});
  }

  static bool is_waiting(const TlsStep& step) {
    return step.state == TlsStep::State::waits_to_read ||
           step.state == TlsStep::State::waits_to_write;
  }

  static ErrorCode code_of(const TlsStep& step) {
    if (step.state == TlsStep::State::done) return {};
    if (step.state == TlsStep::State::ended) return boost::asio::error::eof;
    return boost::asio::error::connection_aborted;
  }

  Socket socket_;
  std::unique_ptr<TlsSession> tls_;
};

}  // namespace hallmark::http
