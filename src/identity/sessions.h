// Temporary credentials. A session token holds everything about its session, sealed: the server
// keeps nothing, and nobody else can make or change one.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "access/principal.h"
#include "base/clock.h"
#include "base/mutex.h"
#include "base/random.h"
#include "base/result.h"
#include "base/secret.h"
#include "base/uuid.h"
#include "identity/directory.h"
#include "model/arn.h"
#include "store/identities.h"

namespace hallmark::identity {

// How many roles one after the other may lead to a session.
inline constexpr std::size_t role_chain_max = 8;

// What a client signs with until `expires_at`.
struct TemporaryCredentials {
  std::string access_key_id;  // "ASIA…"
  Secret secret_access_key;
  std::string session_token;
  Timestamp expires_at;
};

// Who a session acts as, and within which limits.
struct NewSession {
  // The long-term key that asked, or that the session of who asked goes back to: the session dies
  // with it. Empty: a web identity asked.
  std::string parent_access_key_id;
  std::optional<Uuid> role;  // the role assumed; nothing: the session is of the key's own principal
  // The roles whose sessions led to this one; it dies with any of them. At most
  // role_chain_max.
  std::vector<Uuid> chain = {};
  std::string name = {};    // of a role's session
  std::string policy = {};  // JSON; empty: none
  Timestamp expires_at;
};

// arn:aws:sts::123456789012:assumed-role/ROLE/SESSION, by the role as a principal or as a row.
std::string assumed_role_arn(const model::Home& home, const access::Principal& role,
                             std::string_view session_name);
std::string assumed_role_arn(const model::Home& home, const store::PrincipalRow& role,
                             std::string_view session_name);
// "AROA…:SESSION"
std::string assumed_role_id(const access::Principal& role, std::string_view session_name);
std::string assumed_role_id(const store::PrincipalRow& role, std::string_view session_name);

// Safe to call from any thread. What the constructor takes outlives the object.
class Sessions {
 public:
  Sessions(SecretSealer& sealer, Directory& directory, const Clock& clock, Random& random,
           model::Home home);

  // unknown_access_key: the parent key is gone or disabled, or is none of the long-term ones.
  Result<TemporaryCredentials> create(const NewSession& session);

  // The credential that a token proves, for the access key that it was made with. session_expired:
  // its time is over. unknown_access_key: no token of ours, one of another key, or one whose
  // principal or parent key is gone or disabled. A changed policy or key counts at once.
  Result<std::shared_ptr<const Credential>> find(std::string_view access_key_id,
                                                 std::string_view session_token);

 private:
  struct Held {
    std::uint64_t generation;  // of the directory, when the token was opened
    std::shared_ptr<const Credential> credential;
  };
  Result<std::shared_ptr<const Credential>> open(std::string_view access_key_id,
                                                 std::string_view session_token);

  SecretSealer& sealer_;
  Directory& directory_;
  const Clock& clock_;
  Random& random_;
  const model::Home home_;
  Mutex mutex_;
  std::unordered_map<std::string, Held> held_ GUARDED_BY(mutex_);  // by the digest of the token
};

}  // namespace hallmark::identity
