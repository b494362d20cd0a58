// Throttling: a token bucket for each account, or web identity, and operation; and one for each
// network that sends tokens of web identities, before these are judged.
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
// belong to no account: each is for itself, by issuer and subject, for a public issuer has those of
// many who do not know each other.
std::string sharer_of(const access::Caller& caller);
// The same for a peer of whom nothing else is known: an address, of IPv6 its /64.
std::string network_of(std::string_view address);

// How many tokens of web identities one network may have judged in a second: far more than machines
// behind one address need, and less than keeps a processor busy.
inline constexpr double tokens_per_network_per_second = 50;
// Buckets that are full again are forgotten when there are so many; if that does not help all are,
// so that a flood of names takes no memory, and refuses nobody else.
inline constexpr std::size_t throttle_buckets_max = 100'000;

struct ThrottleOptions {
  double requests_per_second = double(limits::request_rate_default);  // 0: without a limit
  double burst_seconds = 2;  // how many seconds' worth may come at once
  std::map<std::string, double, std::less<>> operations = {};  // by name, instead of the above
  // SignPayload says ThrottlingException, which Notation's plugin reads as such, instead of
  // TooManyRequestsException.
  enum class SignPayloadName { too_many_requests, throttling };
  SignPayloadName sign_payload_name = SignPayloadName::too_many_requests;
};

// Safe to call from any thread. The clock outlives it. Holds throttle_buckets_max at most.
class Throttle {
 public:
  Throttle(ThrottleOptions options, const Clock& clock)
      : options_(std::move(options)), clock_(clock) {}

  // Takes a token of `caller`, who is as sharer_of says. Throttled: there is none at this moment.
  Result<void> admit(std::string_view caller, const Operation& operation);
  // The same for who wants a web identity's token judged, as network_of says.
  Result<void> admit_token_of(std::string_view network);
  std::size_t buckets() const;

 private:
  struct Bucket {
    double rate = 0;  // tokens a second
    double full = 0;
    double tokens = 0;
    Timestamp filled_at;
  };
  double rate_of(const Operation& operation) const;
  bool take(std::string name, double rate);
  static void fill(Bucket& bucket, Timestamp now);
  void make_room(Timestamp now) REQUIRES_LOCK(mutex_);

  const ThrottleOptions options_;
  const Clock& clock_;
  mutable Mutex mutex_;
  std::unordered_map<std::string, Bucket> buckets_ GUARDED_BY(mutex_);
};

}  // namespace hallmark::api
