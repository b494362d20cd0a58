// The deliverer: takes events out of the outbox to one target, at least once each, those of a job
// in their order. On several nodes each event is taken by one of them, under a lease.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <stop_token>
#include <thread>

#include "base/clock.h"
#include "base/meters.h"
#include "base/random.h"
#include "events/target.h"
#include "model/arn.h"
#include "store/store.h"

namespace hallmark::events {

inline constexpr std::int64_t outbox_rows_max = 100'000;       // of a target; then none are added
inline constexpr auto event_age_max = std::chrono::hours(24);  // then it is given up
inline constexpr auto event_lease = std::chrono::seconds(60);  // far above an attempt's deadline
inline constexpr auto retry_delay_min = std::chrono::seconds(1);
inline constexpr auto retry_delay_max = std::chrono::minutes(5);

struct Meters {
  Counter delivered;
  Counter failed;   // attempts
  Counter dropped;  // events: given up, unreadable, or not added because the outbox was full
};

struct DelivererParts {
  store::Store& store;
  const Clock& clock;
  Random& random;
  const model::Home& home;
};

// What the constructor takes outlives it. Owns its thread.
class Deliverer {
 public:
  Deliverer(const DelivererParts& parts, std::unique_ptr<Target> target)
      : parts_(parts), target_(std::move(target)) {}
  ~Deliverer() { stop(); }
  Deliverer(const Deliverer&) = delete;
  Deliverer& operator=(const Deliverer&) = delete;

  void start();
  // After the attempt that is under way. Once.
  void stop();

  store::EventTarget kind() const { return target_->kind(); }
  // Whether an event may be added, as far as the last look at the outbox says; counts a dropped one
  // if not. Any thread.
  bool accepts();
  const Meters& meters() const { return meters_; }

  // Looks at the outbox, and delivers one event if one waits; whether one did. Not while the thread
  // runs.
  Result<bool> deliver_one();

 private:
  void run(const std::stop_token& stop);
  Result<bool> look();
  void note_unreadable(const Error& error);
  Result<void> attempt(const store::JobEvent& event, int attempts);
  Result<void> give_up(const store::JobEvent& event, const Error& error);
  Timestamp::duration delay_after(int attempts);

  const DelivererParts parts_;
  const std::unique_ptr<Target> target_;
  Meters meters_;
  std::atomic<bool> full_ = false;
  std::mutex mutex_;  // for the wait
  std::condition_variable_any wake_;
  std::jthread thread_;
};

}  // namespace hallmark::events
