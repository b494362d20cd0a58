#include "http/worker.h"

#include <utility>

#include <boost/asio/post.hpp>

#include "base/check.h"
#include "base/guarded.h"
#include "base/log.h"
#include "base/signals.h"
#include "http/connection.h"

namespace hallmark::http {

namespace asio = boost::asio;

namespace {

constexpr auto fault_reports_interval = std::chrono::seconds(1);

}  // namespace

Worker::Worker(const ServerParts& parts, BodyBudget& bodies)
    : parts_(parts), bodies_(bodies), thread_([this] { run(); }) {}

Worker::~Worker() { CHECK(!thread_.joinable()); }

void Worker::adopt(Arrival arrival) {
  asio::post(context_,
             [this, arrival = std::move(arrival)]() mutable { begin(std::move(arrival)); });
}

void Worker::stop(SteadyClock::time_point deadline) {
  asio::post(context_, [this, deadline] { drain(deadline); });
}

void Worker::join() {
  if (thread_.joinable()) thread_.join();
}

void Worker::remove(std::list<std::shared_ptr<Connection>>::iterator position) {
  connections_.erase(position);
  end_when_empty();
}

bool Worker::may_report(Fault fault) {
  const auto now = SteadyClock::now();
  SteadyClock::time_point& next = next_report_[std::size_t(fault)];
  if (now < next) return false;
  next = now + fault_reports_interval;
  return true;
}

// A connection closes itself when something of it throws. What comes to here (an arrival that could
// not begin, a timer that could not be set) leaves the others whole, and they go on.
void Worker::run() {
  block_broken_pipes();
  while (!context_.stopped()) {
    const auto ran = guarded([this] { context_.run(); });
    if (!ran) log::error("a worker's step failed", {{"error", describe(ran.error())}});
  }
  gate_->close();
  connections_.clear();
}

void Worker::begin(Arrival arrival) {
  if (is_draining()) return;
  if (!is_sweeping_) sweep_later();
  const auto connection = std::make_shared<Connection>(*this, std::move(arrival));
  connections_.push_front(connection);
  connection->start(connections_.begin());
}

// One timer looks at all deadlines: a timer per connection would cost a queue operation per read
// and per write, to be a little less late.
void Worker::sweep_later() {
  timer_.expires_after(parts_.limits.sweep_interval);
  timer_.async_wait([this](const boost::system::error_code&) { sweep(); });
  is_sweeping_ = true;  // only now: the next arrival tries again when this has thrown
}

void Worker::sweep() {
  is_sweeping_ = false;
  if (!connections_.empty()) sweep_later();
  const auto now = SteadyClock::now();
  const bool is_over = drain_deadline_ && now >= *drain_deadline_;
  for (auto next = connections_.begin(); next != connections_.end();) {
    const std::shared_ptr<Connection> connection = *next++;  // it may remove itself
    if (is_over) {
      connection->close();
    } else {
      connection->check_deadline(now);
    }
  }
}

void Worker::drain(SteadyClock::time_point deadline) {
  drain_deadline_ = deadline;
  for (auto next = connections_.begin(); next != connections_.end();) {
    const std::shared_ptr<Connection> connection = *next++;
    connection->close_if_idle();
  }
  end_when_empty();
}

void Worker::end_when_empty() {
  if (is_draining() && connections_.empty()) context_.stop();
}

}  // namespace hallmark::http
