// The log of requests that were not let in or failed: who, from where, what, and why. Faults of
// ours are always logged. What callers can bring about at any rate, refusals and overload, is
// bounded: beyond limits::refusals_logged_per_second it is only counted, and the count is logged.
#pragma once

#include <cstdint>

#include "base/clock.h"
#include "base/error.h"
#include "base/mutex.h"
#include "http/message.h"

namespace hallmark::api {

// Safe to call from any thread. The clock outlives it.
class RefusalLog {
 public:
  explicit RefusalLog(const Clock& clock) : clock_(clock) {}

  // Notes the error unless it is the plain answer to a wrong request.
  void note(const http::Request& request, const Error& error);

 private:
  // Whether this one may be logged; fills in how many before it were not.
  struct Turn {
    bool logged = false;
    std::uint64_t passed_over = 0;
  };
  Turn take_turn();

  const Clock& clock_;
  Mutex mutex_;
  std::int64_t second_ GUARDED_BY(mutex_) = 0;
  std::uint64_t in_second_ GUARDED_BY(mutex_) = 0;
  std::uint64_t passed_over_ GUARDED_BY(mutex_) = 0;
};

}  // namespace hallmark::api
