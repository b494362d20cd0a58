// The Authenticator: Request → Caller, by SigV4 in the Authorization header. The only maker of
// Callers.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

#include "access/principal.h"
#include "base/clock.h"
#include "base/mutex.h"
#include "base/result.h"
#include "http/message.h"
#include "identity/directory.h"
#include "model/arn.h"
#include "sigv4/sigv4.h"

namespace hallmark::auth {

// Safe to call from any thread. What the constructor takes outlives it.
class Authenticator {
 public:
  Authenticator(identity::Directory& directory, const Clock& clock, model::Home home);

  // Errors, each with the meaning of base/error.h: unauthenticated, incomplete_signature,
  // unknown_access_key, wrong_signature, request_expired; bad_request when there are two sources of
  // authentication.
  Result<access::Caller> authenticate(const http::Request& request);

 private:
  struct DerivedKey {
    std::weak_ptr<const identity::Credential> credential;  // what it was derived from
    std::shared_ptr<const Secret> key;
  };
  // The signing key of a credential for a day, derived once.
  std::shared_ptr<const Secret> signing_key(
      const std::shared_ptr<const identity::Credential>& credential, const sigv4::Scope& scope);

  identity::Directory& directory_;
  const Clock& clock_;
  const model::Home home_;
  const Secret unknown_secret_;  // so that an unknown key costs what a known one costs
  Mutex mutex_;
  std::unordered_map<std::string, DerivedKey> derived_ GUARDED_BY(mutex_);  // by key id and scope
};

}  // namespace hallmark::auth
