// Who may act: a principal with its policies, and the caller that one request was proved to come
// from.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/clock.h"
#include "model/names.h"
#include "policy/policy.h"

namespace hallmark::auth {
class Authenticator;
}

namespace hallmark::access {

enum class PrincipalType { root, user, role };
std::string_view name_of(
    PrincipalType type);  // "Root", "IAMUser", "AssumedRole": as CloudTrail writes it

// Immutable once made; shared by all requests of the principal.
struct Principal {
  PrincipalType type;
  model::AccountId account;
  std::string arn;                         // arn:aws:iam::123456789012:user/admin
  std::string unique_id;                   // aws:userid; never given to another principal
  std::string name;                        // aws:username; empty for the root
  std::vector<policy::Document> policies;  // identity-based
};

// Facts of the request that conditions and the audit record speak of.
struct RequestFacts {
  std::string request_id;
  std::string access_key_id;
  std::string source_ip;
  std::string user_agent;
  Timestamp time;
  bool secure_transport = false;
};

// A principal that has proved, for this one request, that it is who it says. Made only by
// auth::Authenticator.
class Caller {
 public:
  const Principal& principal() const { return *principal_; }
  const RequestFacts& request() const { return facts_; }

 private:
  friend class auth::Authenticator;
  Caller(std::shared_ptr<const Principal> principal, RequestFacts facts)
      : principal_(std::move(principal)), facts_(std::move(facts)) {}

  std::shared_ptr<const Principal> principal_;
  RequestFacts facts_;
};

}  // namespace hallmark::access
