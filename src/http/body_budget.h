// The memory that the bodies of all connections may take together. Private to http.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>

#include "http/server_parts.h"

namespace hallmark::http {

// Shared by all connections of a server, which it outlives. Any thread.
class BodyBudget {
 public:
  explicit BodyBudget(const ServerLimits& limits)
      : bytes_max_(limits.bodies_bytes_max), free_bytes_(limits.body_free_bytes) {}

 private:
  friend class BodyShare;

  std::atomic<std::size_t> bytes_ = 0;
  const std::size_t bytes_max_;
  const std::size_t free_bytes_;
};

// What one connection's body takes of the budget: nothing at first, and again at its end. Follows
// the bytes that came, not those that were announced, so that an announcement alone takes nothing
// from others. A body of no more than the free bytes is never refused.
class BodyShare {
 public:
  explicit BodyShare(BodyBudget& budget) : budget_(budget) {}
  ~BodyShare() { release(); }
  BodyShare(const BodyShare&) = delete;
  BodyShare& operator=(const BodyShare&) = delete;

  // Whether the budget has this much left now; it may be gone when the bytes come.
  bool could_grow_to(std::size_t body_bytes) const {
    return budget_.bytes_ + missing_to(body_bytes) <= budget_.bytes_max_;
  }

  // False, and the share as it was: the budget has too little left.
  [[nodiscard]] bool grow_to(std::size_t body_bytes) {
    const std::size_t more = missing_to(body_bytes);
    if (more == 0) return true;
    if (budget_.bytes_.fetch_add(more) + more > budget_.bytes_max_) {
      budget_.bytes_ -= more;
      return false;
    }
    bytes_ += more;
    return true;
  }

  void release() {
    if (bytes_ > 0) budget_.bytes_ -= bytes_;
    bytes_ = 0;
  }

 private:
  std::size_t missing_to(std::size_t body_bytes) const {
    if (body_bytes <= budget_.free_bytes_) return 0;
    return body_bytes - std::min(body_bytes, bytes_);
  }

  BodyBudget& budget_;
  std::size_t bytes_ = 0;
};

}  // namespace hallmark::http
