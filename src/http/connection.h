// Connection: one client's stream of requests, one after the other. Private to http.
#pragma once

#include <atomic>
#include <concepts>
#include <cstddef>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <boost/beast/core/flat_buffer.hpp>

#include "base/error.h"
#include "base/guarded.h"
#include "base/log.h"
#include "base/uuid.h"
#include "http/body_budget.h"
#include "http/framing.h"
#include "http/message.h"
#include "http/response_text.h"
#include "http/stream.h"
#include "http/worker.h"

namespace hallmark::http {

// Reads a request, calls the handler, writes the answer, and only then looks at the next request.
// Lives on its worker's thread: every member function is called there. Owned by its worker and by
// its pending operations; a Reply holds it weakly. Nothing throws: for want of memory, say, the
// connection is closed.
//
class Connection final : public std::enable_shared_from_this<Connection> {
 public:
  using Position = std::list<std::shared_ptr<Connection>>::iterator;

  Connection(Worker& worker, Arrival arrival);

  // `position` is where the worker keeps this connection.
  // Begins with what comes before requests: a proxy's header, the TLS handshake.
  void start(Position position);
  // Refuses the request or closes the connection when the time for what it is doing is over.
  void check_deadline(SteadyClock::time_point now);
  void close_if_idle();
  // Ends everything at once; the worker forgets the connection. Again: nothing.
  void close();

 private:
  enum class Phase {
    greeting,   // a proxy's header and the TLS handshake, as far as these are asked for
    idle,       // before the first request and between two
    header,     // from the first byte of a request
    body,       // from the end of its header
    handling,   // until the Reply is called: the handler's own time
    writing,    // the answer
    lingering,  // after the last answer, until the client has read it
    closed,
  };
  class Sending;

  // Runs what an operation's end or another object asks for. When it throws, no operation may be
  // pending that would ever come back: the connection is closed.
  template <std::invocable F>
  void step(F work);
  void enter(Phase phase, ServerLimits::Duration limit);
  bool is_overdue(SteadyClock::time_point now) const;

  // connection_greeting.cc
  void greet();
  void read_proxy_header(std::size_t bytes);
  void on_proxy_header(const boost::system::error_code& code, std::size_t bytes);
  void begin_tls();
  void on_handshake(const boost::system::error_code& code);
  void await_first_request();

  void next_request();
  void read();
  void on_read(const boost::system::error_code& code, std::size_t bytes);
  void advance_header();
  // Not when the authorities of clients are others than those that its client was judged by.
  bool is_still_trusted() const;
  // Whether the request is for us, and from whom it is.
  Result<void> admit(Request& request) const;
  void send_continue();
  void advance_body();
  void handle();

  void answer(Result<Response> outcome);
  void refuse(const Error& error);
  Response render(const Error& error);
  void write(const Response& response);
  void on_written(const boost::system::error_code& code);
  void linger();
  void discard();
  void on_discarded(const boost::system::error_code& code, std::size_t bytes);

  void shrink_input();
  std::string_view input() const;
  const ServerLimits& limits() const { return worker_.parts().limits; }
  const Entry& entry() const { return worker_.parts().entry; }

  Worker& worker_;
  Stream stream_;
  Peer peer_;  // as a proxy that is trusted says at the begin of the connection, if one does
  const bool is_proxy_;  // a trusted one
  const Place place_;
  std::shared_ptr<const TlsIdentity> identity_;  // that it began with; none: plain
  Position position_;

  Phase phase_ = Phase::greeting;
  SteadyClock::time_point phase_begin_;
  SteadyClock::time_point deadline_;
  bool is_security_known_ = false;  // a proxy said whether its client's way is secure
  bool is_served_ = false;          // a request was answered with what is no error
  bool is_late_ = false;  // the reading phase's deadline has passed, and the read was cancelled

  boost::beast::flat_buffer input_;  // read and not yet used
  HeadScanner scanner_;
  RequestHead head_;
  BodyShare body_share_;
  Uuid request_id_;  // of the request that is handled or refused
  // An answer was given on another thread and could not be brought here. Shared with the replies,
  // which may outlive the connection.
  const std::shared_ptr<std::atomic<bool>> is_answer_lost_;
  AnswerTo answer_to_ = AnswerTo::other;
  AfterAnswer after_answer_ = AfterAnswer::keep_alive;
  std::string output_;
  std::size_t discarded_bytes_ = 0;
};

template <std::invocable F>
void Connection::step(F work) {
  const auto done = guarded(std::move(work));
  if (done) return;
  close();
  log::error("a connection failed", {{"error", describe(done.error())}});
}

}  // namespace hallmark::http
