#include "http/connection.h"

#include <algorithm>
#include <utility>

#include "base/check.h"
#include "base/guarded.h"
#include "base/log.h"
#include "base/uuid.h"
#include "http/forwarded.h"

namespace hallmark::http {
namespace {

using boost::system::error_code;

constexpr std::size_t read_bytes_min = 4 * 1024;  // most requests are one read
constexpr std::size_t read_bytes_max =
    64 * 1024;  // memory follows what came, not what was announced
constexpr int error_status_min = 400;
constexpr std::size_t idle_buffer_bytes_max = 16 * 1024;

bool is_trusted_proxy(const Entry& entry, const Peer& peer) {
  if (entry.proxies.addresses.empty()) return false;
  const auto address = parse_address(peer.address);
  return address && entry.proxies.contain(*address);
}

}  // namespace

// The way of an answer to its connection, from any thread.
class Connection::Sending {
 public:
  explicit Sending(Connection& connection)
      : gate_(connection.worker_.gate()),
        connection_(connection.weak_from_this()),
        is_lost_(connection.is_answer_lost_) {}

  void operator()(Result<Response> outcome) {
    const auto sent = guarded([&] {
      gate_->run([weak = connection_, outcome = std::move(outcome)]() mutable {
        if (const auto connection = weak.lock()) connection->answer(std::move(outcome));
      });
    });
    if (sent) return;
    *is_lost_ = true;  // before anything else that takes memory
    log::error("an answer was lost", {{"error", describe(sent.error())}});
  }

 private:
  std::shared_ptr<Gate> gate_;
  std::weak_ptr<Connection> connection_;
  std::shared_ptr<std::atomic<bool>> is_lost_;
};

Connection::Connection(Worker& worker, Arrival arrival)
    : worker_(worker),
      stream_(std::move(arrival.socket)),
      peer_(std::move(arrival.peer)),
      is_proxy_(is_trusted_proxy(worker.parts().entry, peer_)),
      place_(std::move(arrival.place)),
      scanner_(worker.parts().limits),
      body_share_(worker.bodies()),
      is_answer_lost_(std::make_shared<std::atomic<bool>>(false)) {}

void Connection::start(Position position) {
  position_ = position;
  step([this] { greet(); });
}

void Connection::check_deadline(SteadyClock::time_point now) {
  if (!is_overdue(now)) return;
  switch (phase_) {
    case Phase::closed: return;
    case Phase::greeting:
    case Phase::handling:
    case Phase::idle:
    case Phase::writing:
    case Phase::lingering: return close();
    case Phase::header:
    case Phase::body: {
      // The cancelled read's handler sends the refusal: two operations never use the stream at
      // once.
      is_late_ = true;
      stream_.cancel();  // without a pending read, the next sweep comes by again
    }
  }
}

void Connection::close_if_idle() {
  if (phase_ == Phase::idle || phase_ == Phase::greeting) close();
}

void Connection::close() {
  if (std::exchange(phase_, Phase::closed) == Phase::closed) return;
  stream_.close();
  worker_.remove(position_);
}

void Connection::enter(Phase phase, ServerLimits::Duration limit) {
  phase_ = phase;
  phase_begin_ = SteadyClock::now();
  deadline_ = phase_begin_ + limit;
}

bool Connection::is_overdue(SteadyClock::time_point now) const {
  using std::chrono::milliseconds;
  if (phase_ == Phase::handling) return *is_answer_lost_;
  const auto elapsed = now - phase_begin_;
  if (phase_ == Phase::body && elapsed >= limits().body_grace) {
    const auto millis = std::size_t(std::chrono::duration_cast<milliseconds>(elapsed).count());
    if (input_.size() < limits().body_bytes_per_second_min * millis / 1000) return true;
  }
  return now >= deadline_;
}

void Connection::next_request() {
  scanner_ = HeadScanner(limits());
  answer_to_ = AnswerTo::other;
  is_late_ = false;
  if (input_.size() > 0) {
    enter(Phase::header, limits().header_deadline);
    return advance_header();
  }
  shrink_input();
  // Who has not shown yet that there is business here does not keep a place for long.
  enter(Phase::idle, is_served_ ? limits().idle_deadline : limits().first_byte_deadline);
  read();
}

void Connection::read() {
  const std::size_t missing = head_.body_bytes - std::min(head_.body_bytes, input_.size());
  const std::size_t bytes = std::clamp(missing, read_bytes_min, read_bytes_max);
  stream_.async_read_some(input_.prepare(bytes), [this, self = shared_from_this()](
                                                     const error_code& code, std::size_t size) {
    step([&] { on_read(code, size); });
  });
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
  if (!is_still_trusted()) return close();  // its client connects anew, and is judged then

  const std::string_view head = input().substr(0, **head_end);
  if (head.starts_with("HEAD ")) answer_to_ = AnswerTo::head;
  auto parsed = parse_head(head, limits());
  if (!parsed) return refuse(parsed.error());
  if (const auto admitted = admit(parsed->request); !admitted) return refuse(admitted.error());
  head_ = *std::move(parsed);
  input_.consume(head.size());
  enter(Phase::body, limits().body_deadline);
  if (!body_share_.could_grow_to(head_.body_bytes)) {
    return refuse(unavailable("the bodies of all requests are too large together"));
  }
  if (head_.expects_continue && head_.body_bytes > input_.size()) return send_continue();
  advance_body();
}

bool Connection::is_still_trusted() const {
  return identity_ == nullptr || identity_->trusts_the_same(*entry().tls->current());
}

Result<void> Connection::admit(Request& request) const {
  if (!is_own_host(entry(), request.headers.find("Host").value_or(""))) {
    return Error{ErrorKind::bad_request, "Host is no name of this server.", {}};
  }
  request.peer = peer_;
  const TrustedProxies& proxies = entry().proxies;
  if (!is_proxy_ || proxies.says != TrustedProxies::Says::in_fields) return {};
  TRY(request.peer, forwarded_peer(request.headers, peer_, proxies));
  return {};
}

void Connection::send_continue() {
  static constexpr std::string_view interim = "HTTP/1.1 100 Continue\r\n\r\n";
  stream_.async_write(interim,
                      [this, self = shared_from_this()](const error_code& code, std::size_t) {
                        if (phase_ == Phase::closed) return;
                        if (code) return close();
                        step([this] { advance_body(); });
                      });
}

void Connection::advance_body() {
  if (!body_share_.grow_to(std::min(input_.size(), head_.body_bytes))) {
    return refuse(unavailable("the bodies of all requests are too large together"));
  }
  if (input_.size() < head_.body_bytes) return read();
  head_.request.body = input().substr(0, head_.body_bytes);
  input_.consume(std::exchange(head_.body_bytes, 0));
  shrink_input();
  handle();
}

void Connection::handle() {
  phase_ = Phase::handling;
  request_id_ = worker_.new_request_id();
  Request request = std::move(head_.request);
  request.request_id = request_id_.text();
  // From here on it is the reply that answers, whatever is thrown.
  Reply reply(Sending(*this));
  const auto handled =
      guarded([&] { worker_.parts().handler(std::move(request), std::move(reply)); });
  if (handled) return;
  log::error("a handler failed",
             {{"request", request_id_.text()}, {"error", describe(handled.error())}});
}

void Connection::answer(Result<Response> outcome) {
  if (phase_ != Phase::handling) return;
  step([&] {
    const Response response = outcome ? *std::move(outcome) : render(outcome.error());
    if (response.close || !head_.keep_alive || worker_.is_draining()) {
      after_answer_ = AfterAnswer::close;
    }
    write(response);
  });
}

// Every refusal closes: where the refused request ends is not known, or not worth reading.
void Connection::refuse(const Error& error) {
  after_answer_ = AfterAnswer::close;
  request_id_ = worker_.new_request_id();
  write(render(error));
}

Response Connection::render(const Error& error) {
  Response response{.status = 500, .headers = {}, .body = {}};
  const auto rendered =
      guarded([&] { response = worker_.parts().refuse(error, request_id_.text()); });
  if (!rendered) {
    log::error("an error cannot be rendered",
               {{"request", request_id_.text()}, {"error", describe(rendered.error())}});
  }
  return response;
}

void Connection::write(const Response& response) {
  body_share_.release();
  const AnswerFrame frame{.to = answer_to_, .after = after_answer_, .date = worker_.date()};
  auto text = text_of(response, frame);
  if (text && response.status < error_status_min) is_served_ = true;
  if (!text) {
    log::error("an answer cannot be sent",
               {{"request", request_id_.text()}, {"error", describe(text.error())}});
    text = text_of(render(text.error()), frame);
  }
  if (!text) return close();
  output_ = *std::move(text);
  enter(Phase::writing, limits().write_deadline);
  stream_.async_write(output_,
                      [this, self = shared_from_this()](const error_code& code, std::size_t) {
                        step([&] { on_written(code); });
                      });
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
  if (stream_.end_sending()) return close();
  enter(Phase::lingering, limits().linger_deadline);
  input_.consume(input_.size());
  discard();
}

void Connection::discard() {
  stream_.async_read_raw(
      input_.prepare(read_bytes_min),
      [this, self = shared_from_this()](const error_code& code, std::size_t size) {
        step([&] { on_discarded(code, size); });
      });
}

void Connection::on_discarded(const error_code& code, std::size_t bytes) {
  if (phase_ == Phase::closed) return;
  discarded_bytes_ += bytes;
  if (code || discarded_bytes_ > limits().linger_bytes_max) return close();
  discard();
}

void Connection::shrink_input() {
  if (input_.capacity() > idle_buffer_bytes_max && input_.size() <= idle_buffer_bytes_max) {
    input_.shrink_to_fit();
  }
}

std::string_view Connection::input() const {
  const auto bytes = input_.data();
  return {static_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace hallmark::http
