#include "api/throttle.h"

#include <algorithm>

namespace hallmark::api {

double Throttle::rate_of(std::string_view operation) const {
  const auto own = options_.operations.find(operation);
  return own == options_.operations.end() ? options_.requests_per_second : own->second;
}

Result<void> Throttle::admit(const model::AccountId& account, std::string_view operation) {
  const double rate = rate_of(operation);
  if (rate <= 0) return {};
  const double full = std::max(1.0, rate * options_.burst_seconds);
  const Timestamp now = clock_.now();
  std::string name = account.text();
  name += operation;

  const MutexLock lock(mutex_);
  const auto [entry, is_new] = buckets_.try_emplace(std::move(name), Bucket{full, now});
  Bucket& bucket = entry->second;
  // A clock that was set back fills nothing.
  const double elapsed =
      std::max(0.0, std::chrono::duration<double>(now - bucket.filled_at).count());
  bucket.tokens = std::min(full, bucket.tokens + elapsed * rate);
  bucket.filled_at = now;
  if (bucket.tokens >= 1) {
    bucket.tokens -= 1;
    return {};
  }
  const bool other_name =
      operation == "SignPayload" &&
      options_.sign_payload_name == ThrottleOptions::SignPayloadName::throttling;
  return Error{ErrorKind::throttled, "Rate exceeded", {}, other_name ? "ThrottlingException" : ""};
}

}  // namespace hallmark::api
