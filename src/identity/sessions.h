// Temporary credentials. A session token holds everything about its session, sealed: the server
// keeps nothing, and nobody else can make or change one.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "access/principal.h"
#include "base/clock.h"
#include "base/random.h"
#include "base/secret.h"
#include "identity/directory.h"
#include "store/store.h"

namespace hallmark::identity {

// What a client signs with until `expires_at`.
struct TemporaryCredentials {
  std::string access_key_id;  // "ASIA…"
  Secret secret_access_key;
  std::string session_token;
  Timestamp expires_at;
};

// Who a session acts as, and within which limits.
struct NewSession {
  Uuid principal;                    // the user or root that asked, or the role assumed
  std::string name;                  // of a role's session; empty otherwise
  std::string parent_access_key_id;  // of who asked; the session dies with it; empty: web identity
  std::string policy;                // JSON; empty: none
  Timestamp expires_at;
};

// Safe to call from any thread. What the constructor takes outlives the object.
class Sessions {
 public:
  Sessions(store::Store& store, SecretSealer& sealer, Directory& directory, const Clock& clock,
           Random& random, model::Home home);

  TemporaryCredentials create(const NewSession& session);

  // The credential that a token proves, for the access key that it was made with. session_expired:
  // its time is over. unknown_access_key: no token of ours, one of another key, or one whose
  // principal or parent key is gone or disabled.
  Result<std::shared_ptr<const Credential>> find(std::string_view access_key_id,
                                                 std::string_view session_token);

 private:
  store::Store& store_;
  SecretSealer& sealer_;
  Directory& directory_;
  const Clock& clock_;
  Random& random_;
  const model::Home home_;
};

}  // namespace hallmark::identity
