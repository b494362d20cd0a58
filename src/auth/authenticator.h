// The Authenticator: Request → Caller, by SigV4 in the Authorization header or in the query, by the
// user at the other end of the admin socket, or by the token of a web identity. The only maker of
// Callers.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "access/principal.h"
#include "auth/last_used.h"
#include "base/clock.h"
#include "base/mutex.h"
#include "base/result.h"
#include "http/message.h"
#include "identity/directory.h"
#include "identity/sessions.h"
#include "identity/web_identity.h"
#include "model/arn.h"
#include "sigv4/sigv4.h"

namespace hallmark::auth {

struct SignedRequest;

// What the Authenticator asks; all of it outlives it.
struct Sources {
  identity::Directory& directory;
  identity::Sessions& sessions;
  identity::WebIdentities& web_identities;
  LastUsed& last_used;
  const Clock& clock;
};

struct Settings {
  model::Home home;
  model::AccountId account;           // of callers that belong to none: operators, web identities
  std::vector<std::string> services;  // of a credential scope: {"signer", "sts"}; not empty
  std::uint32_t server_user = 0;      // who may use the admin socket beside root
};

struct Authenticated {
  access::Caller caller;
  std::string service;  // of the credential scope: one of Settings::services
};

// Safe to call from any thread.
class Authenticator {
 public:
  Authenticator(const Sources& sources, Settings settings);

  // A signed request, in either form. Errors, each with the meaning of base/error.h:
  // unauthenticated, incomplete_signature, unknown_access_key, wrong_signature, request_expired,
  // session_expired; bad_request when there are two sources of authentication.
  Result<Authenticated> authenticate(const http::Request& request);

  // A request on the admin socket: its sender is a process of root's or of the server's own user,
  // and may do everything. denied: it is another's, or came by another way. bad_request: it is
  // signed too.
  Result<access::Caller> authenticate_peer(const http::Request& request);

  // A request that is proved by a token of an OpenID Connect issuer alone. The errors of
  // WebIdentities::verify; bad_request: it is signed too. May wait for the issuer's keys.
  Result<access::Caller> authenticate_web_identity(const http::Request& request,
                                                   std::string_view token);

 private:
  using CredentialPointer = std::shared_ptr<const identity::Credential>;
  struct DerivedKey {
    std::weak_ptr<const identity::Credential> credential;  // what it was derived from
    std::shared_ptr<const Secret> key;
  };

  Result<CredentialPointer> find_credential(const SignedRequest& request);
  // The signing key of a credential for a day and a service, derived once.
  std::shared_ptr<const Secret> signing_key(const CredentialPointer& credential,
                                            const sigv4::Scope& scope);
  void note_use(const identity::Credential& credential, std::string_view service, Timestamp now);

  const Sources sources_;
  const Settings settings_;
  const Secret unknown_secret_;  // so that an unknown key costs what a known one costs
  Mutex mutex_;
  std::unordered_map<std::string, DerivedKey> derived_ GUARDED_BY(mutex_);  // by key id and scope
  Mutex uses_mutex_;
  std::unordered_map<std::string, Timestamp> noted_ GUARDED_BY(uses_mutex_);  // by key id
};

}  // namespace hallmark::auth
