// Throttling: a token bucket for each account, or issuer of web identities, and operation.
#pragma once

#include <map>
#include <string>
#include <unordered_map>

#include "access/principal.h"
#include "base/clock.h"
#include "base/limits.h"
#include "base/mutex.h"
#include "base/result.h"

namespace hallmark::api {

struct Operation;

// Whose requests are counted together, and share a pool's turns: an account's. Web identities
// belong to no account: those of one issuer cannot use up what others may.
std::string sharer_of(const access::Caller& caller);

struct ThrottleOptions {
  double requests_per_second = double(limits::request_rate_default);  // 0: without a limit
  double burst_seconds = 2;  // how many seconds' worth may come at once
  std::map<std::string, double, std::less<>> operations = {};  // by name, instead of the above
  // SignPayload says ThrottlingException, which Notation's plugin reads as such, instead of
  // TooManyRequestsException.
  enum class SignPayloadName { too_many_requests, throttling };
  SignPayloadName sign_payload_name = SignPayloadName::too_many_requests;
};

// Safe to call from any thread. The clock outlives it. Grows with the accounts and issuers, which
// are bounded (limits::accounts_max, limits::web_identity_issuers_max), times the operations.
class Throttle {
 public:
  Throttle(ThrottleOptions options, const Clock& clock)
      : options_(std::move(options)), clock_(clock) {}

  // Takes a token of `caller`, an account's id or an issuer's name. Throttled: there is none at
  // this moment.
  Result<void> admit(std::string_view caller, const Operation& operation);

 private:
  struct Bucket {
    double tokens = 0;
    Timestamp filled_at;
  };
  double rate_of(const Operation& operation) const;

  const ThrottleOptions options_;
  const Clock& clock_;
  Mutex mutex_;
  std::unordered_map<std::string, Bucket> buckets_ GUARDED_BY(mutex_);
};

}  // namespace hallmark::api
