// Meters: what is counted while the program works, for the operations page. Adding is a few relaxed
// atomic additions; reading sees each number as it is, not all at one moment. Any thread.
#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace hallmark {

class Counter {
 public:
  void add(std::uint64_t count = 1) { value_.fetch_add(count, std::memory_order_relaxed); }
  std::uint64_t value() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::uint64_t> value_ = 0;
};

// How long something took, by a few bounds that fit requests and signatures alike.
class Durations {
 public:
  using Duration = std::chrono::steady_clock::duration;
  static constexpr std::array<double, 8> bounds_seconds = {0.0005, 0.002, 0.01, 0.05,
                                                           0.25,   1,     5,    30};

  void add(Duration took) {
    const double seconds = std::chrono::duration<double>(took).count();
    const auto bound = std::ranges::lower_bound(bounds_seconds, seconds);
    buckets_[std::size_t(bound - bounds_seconds.begin())].add();
    nanoseconds_.add(std::uint64_t(std::chrono::nanoseconds(took).count()));
  }

  // Of those that took no longer than bounds_seconds[bucket] and longer than the bound before; the
  // last bucket has what took longer than all bounds.
  std::uint64_t in_bucket(std::size_t bucket) const { return buckets_[bucket].value(); }
  double sum_seconds() const { return double(nanoseconds_.value()) * 1e-9; }

 private:
  std::array<Counter, bounds_seconds.size() + 1> buckets_;
  Counter nanoseconds_;
};

}  // namespace hallmark
