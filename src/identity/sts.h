// The calls and verbs of the Security Token Service: who a caller is, and temporary credentials.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "access/authorizer.h"
#include "base/clock.h"
#include "base/json.h"
#include "base/task.h"
#include "identity/sessions.h"
#include "identity/sts_names.h"
#include "model/arn.h"
#include "store/store.h"

namespace hallmark::identity {

// Needs no permission, and none takes it away: a caller may always know who it is.
struct GetCallerIdentity {
  static constexpr std::string_view action = "sts:GetCallerIdentity";

  std::vector<access::Need> needs(const access::Principal& caller) const;
  void describe(JsonWriter& json) const;
};

// Needs no permission: a session of one's own can do nothing that its user cannot.
struct GetSessionToken {
  static constexpr std::string_view action = "sts:GetSessionToken";

  std::optional<std::int64_t> duration_seconds;  // 900 to 129,600

  std::vector<access::Need> needs(const access::Principal& caller) const;
  void describe(JsonWriter& json) const;
};

struct AssumeRole {
  static constexpr std::string_view action = "sts:AssumeRole";

  access::RoleResource role;
  std::string role_arn;  // the same, as it was written
  RoleSessionName session_name;
  std::optional<SessionPolicy> policy;
  std::optional<std::int64_t> duration_seconds;  // 900 to 43,200
  std::optional<ExternalId> external_id;

  std::vector<access::Need> needs(const access::Principal& caller) const;
  void describe(JsonWriter& json) const;
};

// The caller is the holder of the token.
struct AssumeRoleWithWebIdentity {
  static constexpr std::string_view action = "sts:AssumeRoleWithWebIdentity";

  access::RoleResource role;
  std::string role_arn;  // the same, as it was written
  RoleSessionName session_name;
  std::optional<SessionPolicy> policy;
  std::optional<std::int64_t> duration_seconds;  // 900 to 43,200

  std::vector<access::Need> needs(const access::Principal& caller) const;
  void describe(JsonWriter& json) const;
  const model::AccountId& recipient_account() const { return role.account; }
};

struct CallerIdentity {
  std::string account;
  std::string arn;
  std::string user_id;
};

struct AssumedRole {
  TemporaryCredentials credentials;
  std::string arn;                             // of the session
  std::string id;                              // "AROA…:SESSION"
  std::optional<int> packed_policy_percent{};  // of what a session policy may have, rounded up
};

struct WebIdentityRole {
  AssumedRole role;
  std::string subject;   // `sub`
  std::string audience;  // `aud`
  std::string provider;  // `iss`
};

// Safe to call from any thread. What the constructor takes outlives the object.
class SecurityTokens {
 public:
  SecurityTokens(store::Store& store, Sessions& sessions, const Clock& clock, model::Home home);

  CallerIdentity get_caller_identity(const access::Permitted<GetCallerIdentity>& permitted) const;

  // `then` runs after the audit record is durable, and not before. Denied: the caller has a session
  // already, or no access key. The root of an account gets an hour at most.
  void get_session_token(access::Permitted<GetSessionToken> permitted,
                         Then<TemporaryCredentials> then);

  // The same for the session of a role. Denied: the caller is the root of an account, or has no
  // access key. Invalid: the duration is longer than the role allows, or than an hour where the
  // caller has a session itself. Unavailable (store::changed_while_judged): the role was changed
  // since it was judged on.
  void assume_role(access::Permitted<AssumeRole> permitted, Then<AssumedRole> then);
  void assume_role_with_web_identity(access::Permitted<AssumeRoleWithWebIdentity> permitted,
                                     Then<WebIdentityRole> then);

 private:
  // How a role is assumed, whoever does.
  struct Assumption;
  Result<AssumedRole> assume(const Assumption& assumption);
  Timestamp expiry(std::int64_t duration_seconds) const;

  store::Store& store_;
  Sessions& sessions_;
  const Clock& clock_;
  const model::Home home_;
};

}  // namespace hallmark::identity
