#include "api/throttle.h"

#include <algorithm>

#include "api/operation.h"

namespace hallmark::api {

std::string sharer_of(const access::Caller& caller) {
  const std::string& issuer = caller.request().federated_issuer;
  return issuer.empty() ? caller.principal().account.text() : issuer;
}

double Throttle::rate_of(const Operation& operation) const {
  const auto configured = options_.operations.find(operation.name);
  if (configured != options_.operations.end()) return configured->second;
  const double rate = options_.requests_per_second;
  const auto own = double(operation.traits.rate_max);
  return own > 0 && (rate <= 0 || own < rate) ? own : rate;
}

Result<void> Throttle::admit(std::string_view caller, const Operation& operation) {
  const double rate = rate_of(operation);
  if (rate <= 0) return {};
  const double full = std::max(1.0, rate * options_.burst_seconds);
  const Timestamp now = clock_.now();
  std::string name(caller);
  name.append(" ").append(operation.name);

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
      operation.name == "SignPayload" &&
      options_.sign_payload_name == ThrottleOptions::SignPayloadName::throttling;
  return Error{ErrorKind::throttled, "Rate exceeded", {}, other_name ? "ThrottlingException" : ""};
}

}  // namespace hallmark::api
