// When a request is tried again: a few times, each later than the one before, and all requests of a
// client together only as long as most of them succeed.
#pragma once

#include <algorithm>
#include <chrono>
#include <functional>
#include <thread>

#include "base/mutex.h"
#include "base/random.h"

namespace hallmark::objects {

// Numbers and waiting, so that tests need not wait.
struct S3Patience {
  int attempts_max = 4;
  std::chrono::milliseconds delay_first{100};  // doubled each time; the wait is random up to it
  std::chrono::milliseconds delay_max{5'000};
  std::chrono::milliseconds connect_deadline{5'000};
  std::chrono::milliseconds attempt_deadline{30'000};  // and what the bytes need at the least rate
  std::chrono::seconds stall_deadline{15};
  std::function<void(std::chrono::milliseconds)> wait = [](std::chrono::milliseconds time) {
    std::this_thread::sleep_for(time);
  };
};

inline constexpr std::uint64_t s3_bytes_per_second_min = 256 * 1024;

// Each retry costs, each success earns a little: a server that is down is not also flooded. Any
// thread.
class RetryBudget {
 public:
  bool take() {
    const MutexLock lock(mutex_);
    if (tokens_ < retry_cost) return false;
    tokens_ -= retry_cost;
    return true;
  }
  void succeeded() {
    const MutexLock lock(mutex_);
    tokens_ = std::min(tokens_ + 1, tokens_max);
  }

 private:
  static constexpr int tokens_max = 500;
  static constexpr int retry_cost = 5;

  Mutex mutex_;
  int tokens_ GUARDED_BY(mutex_) = tokens_max;
};

// "Full jitter": anywhere between nothing and the doubled delay.
inline std::chrono::milliseconds retry_delay(const S3Patience& patience, int attempts_made,
                                             Random& random) {
  const auto longest =
      std::min(patience.delay_max, patience.delay_first * (1 << std::min(attempts_made - 1, 16)));
  std::uint8_t bytes[4];
  random.fill(bytes);
  const std::uint64_t number = std::uint64_t(bytes[0]) | std::uint64_t(bytes[1]) << 8 |
                               std::uint64_t(bytes[2]) << 16 | std::uint64_t(bytes[3]) << 24;
  return std::chrono::milliseconds(number % std::uint64_t(longest.count() + 1));
}

}  // namespace hallmark::objects
