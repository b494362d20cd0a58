#include "identity/sts.h"

#include <algorithm>
#include <concepts>

#include <fmt/format.h>

#include "audit/record.h"
#include "base/check.h"
#include "store/profiles.h"

namespace hallmark::identity {
namespace {

constexpr std::int64_t session_seconds_default = 43'200;  // of GetSessionToken
constexpr std::int64_t hour_seconds = 3'600;
constexpr std::size_t policy_bytes_full = 2'048;  // what is 100 % of a session policy

// The long-term key that a new session of the caller goes back to: its own, or its session's.
Result<std::string> parent_of(const access::Caller& caller) {
  if (const access::Session* session = caller.session()) return session->parent_access_key_id;
  if (caller.request().access_key_id.empty()) {
    return denied("Temporary credentials are given to callers with an access key only.");
  }
  return caller.request().access_key_id;
}

access::Context session_context(const RoleSessionName& name) {
  return {{"sts:RoleSessionName", {name.text()}}};
}

template <class C>
concept RoleCall = std::same_as<C, AssumeRole> || std::same_as<C, AssumeRoleWithWebIdentity>;

void describe_session(JsonWriter& json, const RoleCall auto& call) {
  json.member("roleArn", call.role_arn).member("roleSessionName", call.session_name.view());
  if (call.policy) json.member("policy", call.policy->view());
  if (call.duration_seconds) json.member("durationSeconds", *call.duration_seconds);
}

// Rows without a maximum are from before there was one.
std::int64_t seconds_max_of(const store::PrincipalRow& role) {
  return role.session_seconds_max > 0 ? role.session_seconds_max : hour_seconds;
}

enum class Chained { no, yes };

Result<std::int64_t> duration_of(const store::PrincipalRow& role,
                                 const std::optional<std::int64_t>& asked, Chained chained) {
  const std::int64_t seconds_max = seconds_max_of(role);
  const std::int64_t seconds = asked.value_or(std::min(hour_seconds, seconds_max));
  if (chained == Chained::yes && seconds > hour_seconds) {
    return invalid(
        "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role "
        "chaining.");
  }
  if (seconds > seconds_max) {
    return invalid(
        "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.");
  }
  return seconds;
}

audit::Elements elements_of(const TemporaryCredentials& credentials) {
  return {{"accessKeyId", credentials.access_key_id},
          {"expiration", to_rfc3339(credentials.expires_at)}};
}

audit::Elements elements_of(const AssumedRole& role) {
  auto elements = elements_of(role.credentials);
  elements.push_back({"assumedRoleId", role.id});
  elements.push_back({"arn", role.arn});
  return elements;
}

// A record with the role that its call was judged on; nothing: on none.
struct Recorded {
  store::AuditRecord record;
  std::optional<store::PrincipalRow> role = {};
};

// After the record of a trust policy's change there is no session that only the old one allowed.
Result<void> check_as_judged(store::Reader& rows, const store::PrincipalRow& judged) {
  TRY(const auto role, store::find_principal(rows, judged.id));
  if (role && role->trust_policy == judged.trust_policy &&
      role->trusted_ids == judged.trusted_ids) {
    return {};
  }
  return store::changed_while_judged();
}

// The answer leaves after the record of it is durable.
template <class T>
void answer_after(store::Store& store, Recorded recorded, T answer, Then<T> then) {
  store.write(store::Work([recorded = std::move(recorded)](store::Transaction& tx) -> Result<void> {
                if (recorded.role) TRY(check_as_judged(tx, *recorded.role));
                return store::append_audit(tx, recorded.record);
              }),
              store::Done([answer = std::move(answer),
                           then = std::move(then)](Result<void> outcome) mutable {
                if (!outcome) return then(std::move(outcome.error()));
                then(std::move(answer));
              }));
}

// What a token says of its holder.
std::string claim_of(const access::RequestFacts& request, std::string_view name) {
  const std::string key = fmt::format("{}:{}", request.federated_issuer, name);
  const auto claim = std::ranges::find(request.claims, key, [](const auto& c) { return c.first; });
  return claim == request.claims.end() || claim->second.empty() ? std::string()
                                                                : claim->second.front();
}

}  // namespace

std::vector<access::Need> GetCallerIdentity::needs(const access::Principal&) const { return {}; }
void GetCallerIdentity::describe(JsonWriter&) const {}

std::vector<access::Need> GetSessionToken::needs(const access::Principal&) const { return {}; }
void GetSessionToken::describe(JsonWriter& json) const {
  if (duration_seconds) json.member("durationSeconds", *duration_seconds);
}

std::vector<access::Need> AssumeRole::needs(const access::Principal&) const {
  access::Need need{
      .action = std::string(action), .resource = role, .context = session_context(session_name)};
  if (external_id) need.context.push_back({"sts:ExternalId", {external_id->text()}});
  return {need};
}

void AssumeRole::describe(JsonWriter& json) const {
  describe_session(json, *this);
  if (external_id) json.member("externalId", external_id->view());
}

std::vector<access::Need> AssumeRoleWithWebIdentity::needs(const access::Principal&) const {
  return {
      {.action = std::string(action), .resource = role, .context = session_context(session_name)}};
}

void AssumeRoleWithWebIdentity::describe(JsonWriter& json) const { describe_session(json, *this); }

SecurityTokens::SecurityTokens(store::Store& store, Sessions& sessions, const Clock& clock,
                               model::Home home)
    : store_(store), sessions_(sessions), clock_(clock), home_(std::move(home)) {}

CallerIdentity SecurityTokens::get_caller_identity(
    const access::Permitted<GetCallerIdentity>& permitted) const {
  const access::Principal& who = permitted.caller().principal();
  return {.account = who.account.text(), .arn = who.arn, .user_id = who.unique_id};
}

void SecurityTokens::get_session_token(access::Permitted<GetSessionToken> permitted,
                                       Then<TemporaryCredentials> then) {
  const access::Caller& caller = permitted.caller();
  if (caller.session() != nullptr) {
    return then(denied("Cannot call GetSessionToken with session credentials"));
  }
  auto parent = parent_of(caller);
  if (!parent) return then(std::move(parent.error()));
  std::int64_t seconds = permitted.call().duration_seconds.value_or(session_seconds_default);
  // "If the duration is longer than one hour, the session for AWS account owners defaults to one
  // hour."
  if (caller.principal().type == access::PrincipalType::root) {
    seconds = std::min(seconds, hour_seconds);
  }
  auto made = sessions_.create(
      {.parent_access_key_id = *std::move(parent), .role = {}, .expires_at = expiry(seconds)});
  if (!made) return then(std::move(made.error()));
  auto record = audit::record(permitted, home_, elements_of(*made));
  answer_after(store_, {std::move(record)}, *std::move(made), std::move(then));
}

struct SecurityTokens::Assumption {
  const store::PrincipalRow& role;
  const RoleSessionName& session_name;
  const std::optional<SessionPolicy>& policy;
  std::int64_t duration_seconds;
  std::string parent_access_key_id;
  std::vector<Uuid> chain;  // the roles of the caller's own session
};

Result<AssumedRole> SecurityTokens::assume(const Assumption& assumption) {
  const store::PrincipalRow& role = assumption.role;
  const std::string_view name = assumption.session_name.view();
  const std::string policy = assumption.policy ? assumption.policy->text() : std::string();
  TRY(auto credentials, sessions_.create({.parent_access_key_id = assumption.parent_access_key_id,
                                          .role = role.id,
                                          .chain = assumption.chain,
                                          .name = std::string(name),
                                          .policy = policy,
                                          .expires_at = expiry(assumption.duration_seconds)}));
  AssumedRole assumed{.credentials = std::move(credentials),
                      .arn = assumed_role_arn(home_, role, name),
                      .id = assumed_role_id(role, name)};
  if (assumption.policy) {
    const std::size_t percent = (policy.size() * 100 + policy_bytes_full - 1) / policy_bytes_full;
    assumed.packed_policy_percent = static_cast<int>(percent);
  }
  return assumed;
}

void SecurityTokens::assume_role(access::Permitted<AssumeRole> permitted, Then<AssumedRole> then) {
  const AssumeRole& call = permitted.call();
  const access::Caller& caller = permitted.caller();
  const auto& role = permitted.facts().role;
  CHECK(role.has_value());  // its trust policy allowed this
  if (caller.principal().type == access::PrincipalType::root) {
    return then(denied("Roles may not be assumed by root accounts."));
  }
  auto parent = parent_of(caller);
  if (!parent) return then(std::move(parent.error()));
  const Chained chained = caller.session() != nullptr ? Chained::yes : Chained::no;
  std::vector<Uuid> chain;
  if (chained == Chained::yes) chain = caller.session()->roles;
  if (chain.size() > role_chain_max) return then(denied("Too many roles are chained."));
  const auto seconds = duration_of(*role, call.duration_seconds, chained);
  if (!seconds) return then(seconds.error());
  auto assumed = assume({.role = *role,
                         .session_name = call.session_name,
                         .policy = call.policy,
                         .duration_seconds = *seconds,
                         .parent_access_key_id = *std::move(parent),
                         .chain = std::move(chain)});
  if (!assumed) return then(std::move(assumed.error()));
  auto record = audit::record(permitted, home_, elements_of(*assumed));
  answer_after(store_, {std::move(record), *role}, *std::move(assumed), std::move(then));
}

void SecurityTokens::assume_role_with_web_identity(
    access::Permitted<AssumeRoleWithWebIdentity> permitted, Then<WebIdentityRole> then) {
  const AssumeRoleWithWebIdentity& call = permitted.call();
  const access::RequestFacts& request = permitted.caller().request();
  const auto& role = permitted.facts().role;
  CHECK(role.has_value());  // its trust policy allowed this
  if (permitted.caller().principal().type != access::PrincipalType::web_identity) {
    return then(denied("Not authorized to perform sts:AssumeRoleWithWebIdentity"));
  }
  const auto seconds = duration_of(*role, call.duration_seconds, Chained::no);
  if (!seconds) return then(seconds.error());
  auto assumed = assume({.role = *role,
                         .session_name = call.session_name,
                         .policy = call.policy,
                         .duration_seconds = *seconds,
                         .parent_access_key_id = {},
                         .chain = {}});
  if (!assumed) return then(std::move(assumed.error()));
  WebIdentityRole answer{.role = *std::move(assumed),
                         .subject = claim_of(request, "sub"),
                         .audience = claim_of(request, "aud"),
                         .provider = "https://" + request.federated_issuer};
  auto elements = elements_of(answer.role);
  elements.push_back({"subjectFromWebIdentityToken", answer.subject});
  elements.push_back({"audience", answer.audience});
  elements.push_back({"provider", answer.provider});
  answer_after(store_, {audit::record(permitted, home_, elements), *role}, std::move(answer),
               std::move(then));
}

// Whole seconds: what the answer shows is what holds.
Timestamp SecurityTokens::expiry(std::int64_t duration_seconds) const {
  return from_unix_seconds(unix_seconds(clock_.now()) + duration_seconds);
}

}  // namespace hallmark::identity
