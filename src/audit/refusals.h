// Requests that no policy allowed and that would be done once: their refusal is remembered, so that
// what was captured then does not pass when a policy allows it later.
#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>

#include "access/principal.h"
#include "base/mutex.h"
#include "base/result.h"
#include "base/task.h"
#include "store/store.h"

namespace hallmark::audit {

// Of one account. Who may do nothing must not make the store grow at the rate of its requests.
inline constexpr int refusals_remembered_per_second = 20;

// Safe to call from any thread. The store outlives it. Grows with the accounts, which are bounded.
class Refusals {
 public:
  explicit Refusals(store::Store& store) : store_(store) {}

  // `then` gets the refusal, when it is durable that the request's repeat gets it too. Throttled:
  // the account had too many of them in this second; nothing is remembered. A request without a
  // signature cannot be sent by another, so its refusal is answered at once.
  void remember(const access::Caller& caller, Error refusal, Then<std::string> then);

 private:
  bool may_write(const access::Caller& caller);

  struct Written {
    std::int64_t second = 0;
    int count = 0;
  };
  store::Store& store_;
  Mutex mutex_;
  std::unordered_map<std::string, Written> written_ GUARDED_BY(mutex_);  // by account
};

}  // namespace hallmark::audit
