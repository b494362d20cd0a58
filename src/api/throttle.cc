#include "api/throttle.h"

#include <algorithm>
#include <span>

#include <fmt/format.h>

#include "api/operation.h"
#include "base/address.h"

namespace hallmark::api {
namespace {

constexpr std::size_t ipv6_network_bytes = 8;  // a /64: a host has all of it

}  // namespace

std::string sharer_of(const access::Caller& caller) {
  const access::Principal& principal = caller.principal();
  const bool is_federated = !caller.request().federated_issuer.empty();
  return is_federated ? principal.unique_id : principal.account.text();
}

std::string network_of(std::string_view address) {
  auto parsed = parse_address(address);
  if (!parsed) return std::string(address);
  if (!parsed->is_ipv4())
    std::ranges::fill(std::span(parsed->bytes).subspan(ipv6_network_bytes), 0);
  return text_of(*parsed);
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
  if (rate <= 0 || take(fmt::format("{} {}", caller, operation.name), rate)) return {};
  const bool other_name =
      operation.name == "SignPayload" &&
      options_.sign_payload_name == ThrottleOptions::SignPayloadName::throttling;
  return Error{ErrorKind::throttled, "Rate exceeded", {}, other_name ? "ThrottlingException" : ""};
}

Result<void> Throttle::admit_token_of(std::string_view network) {
  if (options_.requests_per_second <= 0) return {};
  if (take(fmt::format("{} token", network), tokens_per_network_per_second)) return {};
  return Error{ErrorKind::throttled, "Rate exceeded", {}};
}

std::size_t Throttle::buckets() const {
  const MutexLock lock(mutex_);
  return buckets_.size();
}

bool Throttle::take(std::string name, double rate) {
  const double full = std::max(1.0, rate * options_.burst_seconds);
  const Timestamp now = clock_.now();
  const MutexLock lock(mutex_);
  if (buckets_.size() >= throttle_buckets_max) make_room(now);
  Bucket& bucket =
      buckets_.try_emplace(std::move(name), Bucket{rate, full, full, now}).first->second;
  fill(bucket, now);
  if (bucket.tokens < 1) return false;
  bucket.tokens -= 1;
  return true;
}

// A clock that was set back fills nothing.
void Throttle::fill(Bucket& bucket, Timestamp now) {
  const double elapsed =
      std::max(0.0, std::chrono::duration<double>(now - bucket.filled_at).count());
  bucket.tokens = std::min(bucket.full, bucket.tokens + elapsed * bucket.rate);
  bucket.filled_at = now;
}

void Throttle::make_room(Timestamp now) {
  std::erase_if(buckets_, [now](const auto& entry) {
    Bucket bucket = entry.second;
    fill(bucket, now);
    return bucket.tokens >= bucket.full;
  });
  if (buckets_.size() >= throttle_buckets_max / 2) buckets_.clear();
}

}  // namespace hallmark::api
