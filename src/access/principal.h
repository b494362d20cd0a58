// Who may act: a principal with its policies, and the caller that one request was proved to come
// from.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/uuid.h"
#include "model/names.h"
#include "policy/policy.h"

namespace hallmark::auth {
class Authenticator;
}

namespace hallmark::access {

// An operator acts through the admin socket of the machine itself; a web identity holds a token of
// a configured issuer and nothing else.
enum class PrincipalType { root, user, role, machine_operator, web_identity };
std::string_view name_of(PrincipalType type);  // "Root", "IAMUser", "AssumedRole": as CloudTrail

// Immutable once made; shared by all requests of the principal, or of one session of a role.
struct Principal {
  PrincipalType type;
  model::AccountId account;
  std::string arn;                         // arn:aws:iam::123456789012:user/admin
  std::string unique_id;                   // aws:userid; never given to another principal
  std::string name;                        // aws:username; empty unless it is a user
  std::vector<policy::Document> policies;  // identity-based
  std::string role_arn = {};               // of a role's session: aws:PrincipalArn
};

// Temporary credentials: what limits them beside the policies of their principal.
struct Session {
  std::optional<policy::Document> policy;  // can only take away
  Timestamp issued_at;
  Timestamp expires_at;
  std::string parent_access_key_id = {};  // long-term; empty: it goes back to a web identity
  std::vector<Uuid> roles = {};           // assumed one from the other, oldest first
};

// Condition keys and their values, as policy::Question has them.
using Context = std::vector<std::pair<std::string, std::vector<std::string>>>;

// Facts of the request that conditions and the audit record speak of.
struct RequestFacts {
  std::string request_id;
  std::string access_key_id;  // empty on the admin socket and for a web identity
  std::string source_ip;      // empty on the admin socket
  std::string user_agent;
  Timestamp time;
  bool secure_transport = false;
  std::string signature = {};                   // hex; empty where nothing was signed
  std::shared_ptr<const Session> session = {};  // nothing: long-term credentials
  std::string federated_issuer = {};            // of a web identity: without "https://"
  Context claims = {};                          // of a web identity: "ISSUER:sub" and the like
};

// A principal that has proved, for this one request, that it is who it says. Made only by
// auth::Authenticator.
class Caller {
 public:
  const Principal& principal() const { return *principal_; }
  const RequestFacts& request() const { return facts_; }
  const Session* session() const { return facts_.session.get(); }  // null: long-term credentials

 private:
  friend class auth::Authenticator;
  Caller(std::shared_ptr<const Principal> principal, RequestFacts facts)
      : principal_(std::move(principal)), facts_(std::move(facts)) {}

  std::shared_ptr<const Principal> principal_;
  RequestFacts facts_;
};

}  // namespace hallmark::access
