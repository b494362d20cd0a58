#include "bench/load.h"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <deque>
#include <memory>
#include <random>

#include <sys/epoll.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "bench/connection.h"
#include "bench/process.h"

namespace hallmark::bench {
namespace {

using Clock = std::chrono::steady_clock;
using Seconds = std::chrono::duration<double>;

constexpr double drain_seconds_max = 5;  // for the answers that are due when a load ends
constexpr int events_max = 64;

struct Client {
  explicit Client(unsigned short port) : connection(port) {}
  Connection connection;
  Clock::time_point intended;  // when its request should have been sent
  bool is_waiting = false;
};

class Load {
 public:
  Load(const LoadOptions& options, RequestMaker& requests)
      : options_(options), requests_(requests), gap_(options.rate > 0 ? options.rate : 1) {}
  ~Load() {
    if (poll_ >= 0) ::close(poll_);
  }
  Load(const Load&) = delete;
  Load& operator=(const Load&) = delete;

  Result<LoadResult> run() {
    TRY(connect());
    const auto start = Clock::now();
    next_arrival_ = start;
    TRY(serve_until(start + duration(options_.warm_up_seconds)));
    counted_from_ = Clock::now();
    const double server_before = process_cpu_seconds(options_.server);
    const double client_before = thread_cpu_seconds();
    TRY(serve_until(counted_from_ + duration(options_.seconds)));
    result_.seconds = Seconds(Clock::now() - counted_from_).count();
    result_.server_cpu_seconds = process_cpu_seconds(options_.server) - server_before;
    result_.client_cpu_seconds = thread_cpu_seconds() - client_before;
    TRY(drain());
    std::ranges::sort(result_.latencies);
    return std::move(result_);
  }

 private:
  static Clock::duration duration(double seconds) {
    return std::chrono::duration_cast<Clock::duration>(Seconds(seconds));
  }
  bool is_open() const { return options_.rate > 0; }

  Result<void> connect() {
    // Without it the kernel may wake us 50 µs after an arrival is due.
    if (::prctl(PR_SET_TIMERSLACK, 1UL) != 0) return system_error("prctl", errno);
    poll_ = ::epoll_create1(EPOLL_CLOEXEC);
    if (poll_ < 0) return system_error("epoll_create1", errno);
    prepared_ = requests_.next();
    for (int i = 0; i < options_.connections; ++i) {
      clients_.push_back(std::make_unique<Client>(options_.port));
      TRY(open(*clients_.back()));
      if (is_open()) {
        idle_.push_back(clients_.back().get());
      } else {
        TRY(send(*clients_.back(), Clock::now()));
      }
    }
    return {};
  }

  Result<void> open(Client& client) {
    TRY(client.connection.open());
    epoll_event event = {.events = EPOLLIN, .data = {.ptr = &client}};
    if (::epoll_ctl(poll_, EPOLL_CTL_ADD, client.connection.descriptor(), &event) == 0) return {};
    return system_error("epoll_ctl", errno);
  }

  Result<void> send(Client& client, Clock::time_point intended) {
    client.intended = intended;
    client.is_waiting = true;
    if (client.connection.descriptor() < 0) TRY(open(client));
    TRY(client.connection.send(prepared_));
    // Signed ahead, so that an arrival does not wait for it.
    prepared_ = requests_.next();
    return {};
  }

  // Until then, and while clients wait for answers beyond it.
  Result<void> serve_until(Clock::time_point end) {
    for (auto now = Clock::now(); now < end; now = Clock::now()) {
      if (is_open()) TRY(arrive(now));
      TRY(answer(is_open() ? std::min(end, next_arrival_) : end));
    }
    return {};
  }

  Result<void> arrive(Clock::time_point now) {
    for (; next_arrival_ <= now; next_arrival_ += duration(gap_(random_))) {
      if (idle_.empty()) {
        late_.push_back(next_arrival_);
        continue;
      }
      Client& client = *idle_.back();
      idle_.pop_back();
      TRY(send(client, next_arrival_));
    }
    return {};
  }

  // Takes the answers that are there, after waiting for one until `wake` at most.
  Result<void> answer(Clock::time_point wake) {
    const auto left = std::max(wake - Clock::now(), Clock::duration::zero());
    const auto whole = std::chrono::duration_cast<std::chrono::seconds>(left);
    const timespec timeout = {.tv_sec = whole.count(), .tv_nsec = (left - whole).count()};
    epoll_event events[events_max];
    const int ready = ::epoll_pwait2(poll_, events, events_max, &timeout, nullptr);
    if (ready < 0 && errno != EINTR) return system_error("epoll_pwait2", errno);
    for (int i = 0; i < ready; ++i) TRY(take(*static_cast<Client*>(events[i].data.ptr)));
    return {};
  }

  Result<void> take(Client& client) {
    TRY(const auto received, client.connection.receive());
    if (received == Connection::Received::part) return {};
    if (received == Connection::Received::closed) {
      if (client.is_waiting) fail("the server closed a connection without an answer");
      client.connection.close();
      if (!client.is_waiting) return {};
    } else {
      count(client);
    }
    client.is_waiting = false;
    if (!is_open()) return draining_ ? Result<void>() : send(client, Clock::now());
    if (late_.empty()) {
      idle_.push_back(&client);
      return {};
    }
    const auto intended = late_.front();
    late_.pop_front();
    return send(client, intended);
  }

  void count(Client& client) {
    const auto now = Clock::now();
    auto answer = client.connection.take_answer();
    if (answer.closes) client.connection.close();
    if (!answer.is_ok) fail(std::move(answer.text));
    if (counted_from_ == Clock::time_point()) return;  // warming up
    if (!draining_) ++result_.answered;
    if (client.intended < counted_from_) return;
    result_.latencies.push_back(
        std::chrono::duration<double, std::micro>(now - client.intended).count());
  }

  void fail(std::string text) {
    if (result_.failed++ == 0) result_.first_failure = std::move(text);
  }

  std::size_t waiting() const {
    return std::size_t(
        std::ranges::count_if(clients_, [](const auto& client) { return client->is_waiting; }));
  }

  bool is_drained() const { return late_.empty() && waiting() == 0; }

  Result<void> drain() {
    draining_ = true;
    const auto end = Clock::now() + duration(drain_seconds_max);
    while (!is_drained() && Clock::now() < end) TRY(answer(end));
    result_.failed += late_.size() + waiting();
    if (result_.failed > 0 && result_.first_failure.empty()) {
      result_.first_failure = "requests were not answered within seconds of the load's end";
    }
    return {};
  }

  const LoadOptions options_;
  RequestMaker& requests_;
  std::minstd_rand random_{1};
  std::exponential_distribution<double> gap_;  // seconds between two arrivals
  int poll_ = -1;
  std::string prepared_;  // the next request
  std::vector<std::unique_ptr<Client>> clients_;
  std::vector<Client*> idle_;
  std::deque<Clock::time_point> late_;  // arrivals for which no connection was free
  Clock::time_point next_arrival_;
  Clock::time_point counted_from_;
  bool draining_ = false;
  LoadResult result_;
};

}  // namespace

Result<LoadResult> run_load(const LoadOptions& options, RequestMaker& requests) {
  return Load(options, requests).run();
}

}  // namespace hallmark::bench
