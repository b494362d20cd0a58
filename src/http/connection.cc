#include "http/connection.h"

#include <algorithm>
#include <utility>

#include <boost/asio/buffer.hpp>
#include <boost/asio/write.hpp>

#include "base/check.h"
#include "base/guarded.h"
#include "base/log.h"
#include "base/uuid.h"

namespace hallmark::http {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;

constexpr std::size_t read_bytes_min = 4 * 1024;  // most requests are one read
constexpr std::size_t read_bytes_max =
    64 * 1024;  // memory follows what came, not what was announced
constexpr std::size_t idle_buffer_bytes_max = 16 * 1024;

}  // namespace

Connection::Connection(Worker& worker, Arrival arrival)
    : worker_(worker),
      stream_(std::move(arrival.socket)),
      peer_address_(std::move(arrival.peer_address)),
      place_(std::move(arrival.place)),
      scanner_(worker.parts().limits) {}

void Connection::start(Position position) {
  position_ = position;
  enter(Phase::idle, limits().idle_deadline);
  read();
}

void Connection::check_deadline(SteadyClock::time_point now) {
  if (now < deadline_) return;
  switch (phase_) {
    case Phase::handling:
    case Phase::closed: return;
    case Phase::idle:
    case Phase::writing:
    case Phase::lingering: return close();
    case Phase::header:
    case Phase::body: {
      // The cancelled read's handler sends the refusal: two operations never use the stream at
      // once.
      is_late_ = true;
      error_code ignored;  // without a pending read, the next sweep comes by again
      stream_.cancel(ignored);
    }
  }
}

void Connection::close_if_idle() {
  if (phase_ == Phase::idle) close();
}

void Connection::close() {
  if (std::exchange(phase_, Phase::closed) == Phase::closed) return;
  error_code ignored;  // the descriptor is gone in any case
  stream_.close(ignored);
  worker_.remove(position_);
}

void Connection::enter(Phase phase, ServerLimits::Duration limit) {
  phase_ = phase;
  deadline_ = SteadyClock::now() + limit;
}

void Connection::next_request() {
  scanner_ = HeadScanner(limits());
  answer_to_ = AnswerTo::other;
  is_late_ = false;
  if (input_.size() > 0) {
    enter(Phase::header, limits().header_deadline);
    return advance_header();
  }
  if (input_.capacity() > idle_buffer_bytes_max) input_.shrink_to_fit();
  enter(Phase::idle, limits().idle_deadline);
  read();
}

void Connection::read() {
  const std::size_t missing = head_.body_bytes - std::min(head_.body_bytes, input_.size());
  const std::size_t bytes = std::clamp(missing, read_bytes_min, read_bytes_max);
  stream_.async_read_some(input_.prepare(bytes),
                          [this, self = shared_from_this()](
                              const error_code& code, std::size_t size) { on_read(code, size); });
}

void Connection::on_read(const error_code& code, std::size_t bytes) {
  if (phase_ == Phase::closed) return;
  if (is_late_) return refuse({ErrorKind::too_slow, "The request came too slowly.", {}});
  if (code) return close();
  input_.commit(bytes);
  if (phase_ == Phase::idle) enter(Phase::header, limits().header_deadline);
  if (phase_ == Phase::header) return advance_header();
  CHECK(phase_ == Phase::body);
  advance_body();
}

void Connection::advance_header() {
  const auto head_end = scanner_.scan(input());
  if (!head_end) return refuse(head_end.error());
  if (!*head_end) return read();

  const std::string_view head = input().substr(0, **head_end);
  if (head.starts_with("HEAD ")) answer_to_ = AnswerTo::head;
  auto parsed = parse_head(head, limits());
  if (!parsed) return refuse(parsed.error());
  head_ = *std::move(parsed);
  input_.consume(head.size());
  enter(Phase::body, limits().body_deadline);
  if (head_.expects_continue && head_.body_bytes > input_.size()) return send_continue();
  advance_body();
}

void Connection::send_continue() {
  static constexpr std::string_view interim = "HTTP/1.1 100 Continue\r\n\r\n";
  asio::async_write(stream_, asio::buffer(interim),
                    [this, self = shared_from_this()](const error_code& code, std::size_t) {
                      if (phase_ == Phase::closed) return;
                      if (code) return close();
                      advance_body();
                    });
}

void Connection::advance_body() {
  if (input_.size() < head_.body_bytes) return read();
  head_.request.body = input().substr(0, head_.body_bytes);
  input_.consume(std::exchange(head_.body_bytes, 0));
  handle();
}

void Connection::handle() {
  phase_ = Phase::handling;
  const Uuid id = Uuid::v7(worker_.parts().clock.now(), worker_.parts().random);
  Request request = std::move(head_.request);
  request.peer_address = peer_address_;
  request.request_id = id.text();
  const auto handled = guarded([&] { worker_.parts().handler(std::move(request), make_reply()); });
  // The reply, dropped by the exception, has answered 500.
  if (!handled) {
    log::error("a handler failed", {{"request", id.text()}, {"error", describe(handled.error())}});
  }
}

Reply Connection::make_reply() {
  return Reply([gate = worker_.gate(), weak = weak_from_this()](Response response) {
    gate->run([weak, response = std::move(response)]() mutable {
      if (const auto connection = weak.lock()) connection->answer(std::move(response));
    });
  });
}

void Connection::answer(Response response) {
  if (phase_ != Phase::handling) return;
  if (response.close || !head_.keep_alive || worker_.is_draining()) {
    after_answer_ = AfterAnswer::close;
  }
  write(response);
}

// Every refusal closes: where the refused request ends is not known, or not worth reading.
void Connection::refuse(const Error& error) {
  after_answer_ = AfterAnswer::close;
  Response response{.status = 500, .headers = {}, .body = {}};
  const auto rendered = guarded([&] {
    const Uuid id = Uuid::v7(worker_.parts().clock.now(), worker_.parts().random);
    response = worker_.parts().refuse(error, id.text());
  });
  if (!rendered) log::error("a refusal failed", {{"error", describe(rendered.error())}});
  write(response);
}

void Connection::write(const Response& response) {
  const AnswerFrame frame{.to = answer_to_, .after = after_answer_, .date = worker_.date()};
  auto text = text_of(response, frame);
  if (!text) {
    log::error("an answer cannot be sent", {{"error", describe(text.error())}});
    text = text_of(Response{.status = 500, .headers = {}, .body = {}}, frame);
  }
  output_ = *std::move(text);
  enter(Phase::writing, limits().write_deadline);
  asio::async_write(
      stream_, asio::buffer(output_),
      [this, self = shared_from_this()](const error_code& code, std::size_t) { on_written(code); });
}

void Connection::on_written(const error_code& code) {
  if (phase_ == Phase::closed) return;
  if (code) return close();
  output_ = {};
  if (after_answer_ == AfterAnswer::close || worker_.is_draining()) return linger();
  next_request();
}

// Closing while bytes of the client are unread resets the connection, and the reset can overtake
// the answer (RFC 9112 §9.6): what still comes is read and thrown away for a while.
void Connection::linger() {
  error_code code;
  stream_.shutdown(Socket::shutdown_send, code);
  if (code) return close();
  enter(Phase::lingering, limits().linger_deadline);
  input_.consume(input_.size());
  on_discarded({}, 0);
}

void Connection::on_discarded(const error_code& code, std::size_t bytes) {
  if (phase_ == Phase::closed) return;
  discarded_bytes_ += bytes;
  if (code || discarded_bytes_ > limits().linger_bytes_max) return close();
  stream_.async_read_some(
      input_.prepare(read_bytes_min),
      [this, self = shared_from_this()](const error_code& read_code, std::size_t size) {
        on_discarded(read_code, size);
      });
}

std::string_view Connection::input() const {
  const auto bytes = input_.data();
  return {static_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace hallmark::http
