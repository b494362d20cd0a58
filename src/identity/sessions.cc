#include "identity/sessions.h"

#include <fmt/format.h>

#include "base/check.h"
#include "base/encoding.h"
#include "base/limits.h"
#include "crypto/digest.h"
#include "identity/identifiers.h"
#include "identity/session_record.h"

namespace hallmark::identity {
namespace {

Error expired() {
  return {ErrorKind::session_expired, "The security token included in the request is expired", {}};
}

// Another purpose than that of any other sealed thing, and bound to the key: a token serves for no
// other key, and no sealed secret serves as a token.
std::string context_of(std::string_view access_key_id) {
  return fmt::format("session-token/{}", access_key_id);
}

std::string arn_of(const model::Home& home, const auto& role, std::string_view session_name) {
  return fmt::format("arn:{}:sts::{}:assumed-role/{}/{}", home.partition, role.account.view(),
                     role.name, session_name);
}

// The principal as it acts in a session of the role.
access::Principal in_session(const model::Home& home, const access::Principal& role,
                             std::string_view name) {
  return {.type = access::PrincipalType::role,
          .account = role.account,
          .arn = assumed_role_arn(home, role, name),
          .unique_id = assumed_role_id(role, name),
          .name = {},
          .policies = role.policies,
          .role_arn = role.arn};
}

std::vector<Uuid> roles_of(const SessionRecord& record) {
  std::vector<Uuid> roles = record.chain;
  if (record.role) roles.push_back(*record.role);
  return roles;
}

Result<std::optional<policy::Document>> policy_of(const std::string& json) {
  if (json.empty()) return std::optional<policy::Document>();
  TRY(auto document, policy::Document::parse(json, policy::DocumentKind::identity));
  return std::optional(std::move(document));
}

}  // namespace

std::string assumed_role_arn(const model::Home& home, const access::Principal& role,
                             std::string_view session_name) {
  return arn_of(home, role, session_name);
}

std::string assumed_role_arn(const model::Home& home, const store::PrincipalRow& role,
                             std::string_view session_name) {
  return arn_of(home, role, session_name);
}

std::string assumed_role_id(const access::Principal& role, std::string_view session_name) {
  return fmt::format("{}:{}", role.unique_id, session_name);
}

std::string assumed_role_id(const store::PrincipalRow& role, std::string_view session_name) {
  return fmt::format("{}:{}", role.unique_id, session_name);
}

Sessions::Sessions(SecretSealer& sealer, Directory& directory, const Clock& clock, Random& random,
                   model::Home home)
    : sealer_(sealer),
      directory_(directory),
      clock_(clock),
      random_(random),
      home_(std::move(home)) {}

Result<TemporaryCredentials> Sessions::create(const NewSession& session) {
  CHECK(session.role || !session.parent_access_key_id.empty());
  CHECK(session.chain.size() <= role_chain_max);
  SessionRecord record{.secret_access_key = random_secret_access_key(random_),
                       .role = session.role,
                       .chain = session.chain,
                       .name = session.name,
                       .parent_access_key_id = session.parent_access_key_id,
                       .parent_unique_id = {},
                       .policy = session.policy,
                       .issued_at = clock_.now(),
                       .expires_at = session.expires_at};
  if (!record.parent_access_key_id.empty()) {
    TRY(const auto parent, directory_.find(record.parent_access_key_id));
    record.parent_unique_id = parent->principal->unique_id;
  }
  std::string id = random_id(temporary_access_key_prefix, random_);
  const Secret plain = encode(record);
  std::string token = to_base64url(sealer_.seal(plain.reveal(), context_of(id)));
  CHECK(token.size() <= limits::session_token_bytes_max);
  return TemporaryCredentials{.access_key_id = std::move(id),
                              .secret_access_key = std::move(record.secret_access_key),
                              .session_token = std::move(token),
                              .expires_at = session.expires_at};
}

Result<std::shared_ptr<const Credential>> Sessions::find(std::string_view access_key_id,
                                                         std::string_view session_token) {
  if (session_token.size() > limits::session_token_bytes_max) return unknown_security_token();
  const auto digest = crypto::sha256(bytes_of(session_token));
  const std::string name(text_of(digest));
  // Before anything is read: what changes meanwhile makes the result one of an old generation.
  TRY(const std::uint64_t generation, directory_.generation());
  {
    const MutexLock lock(mutex_);
    const auto held = held_.find(name);
    if (held != held_.end() && held->second.generation == generation &&
        held->second.credential->access_key_id == access_key_id) {
      auto credential = held->second.credential;
      if (credential->session->expires_at <= clock_.now()) return expired();
      return credential;
    }
  }
  TRY(auto credential, open(access_key_id, session_token));
  const MutexLock lock(mutex_);
  if (held_.size() >= limits::principal_cache_entries_max) held_.clear();
  held_.insert_or_assign(name, Held{generation, credential});
  return credential;
}

Result<std::shared_ptr<const Credential>> Sessions::open(std::string_view access_key_id,
                                                         std::string_view session_token) {
  const auto sealed = from_base64url(session_token);
  if (!sealed) return unknown_security_token();
  const auto plain = sealer_.unseal(*sealed, context_of(access_key_id));
  if (!plain) {
    if (plain.error().kind != ErrorKind::corrupt) return plain.error();
    return unknown_security_token();
  }
  auto record = decode_session(plain->reveal());
  if (!record) return unknown_security_token();
  if (record->expires_at <= clock_.now()) return expired();

  std::shared_ptr<const access::Principal> principal;
  if (!record->parent_access_key_id.empty()) {
    TRY(const auto parent, directory_.find(record->parent_access_key_id));
    if (parent->principal->unique_id != record->parent_unique_id) return unknown_security_token();
    principal = parent->principal;
  }
  for (const Uuid& passed : record->chain) TRY(directory_.find_principal(passed));
  if (record->role) {
    TRY(const auto role, directory_.find_principal(*record->role));
    principal = std::make_shared<const access::Principal>(in_session(home_, *role, record->name));
  }
  if (principal == nullptr) return unknown_security_token();
  TRY(auto session_policy, policy_of(record->policy));
  auto session = std::make_shared<const access::Session>(
      access::Session{.policy = std::move(session_policy),
                      .issued_at = record->issued_at,
                      .expires_at = record->expires_at,
                      .parent_access_key_id = record->parent_access_key_id,
                      .roles = roles_of(*record)});
  return std::shared_ptr<const Credential>(std::make_shared<Credential>(
      Credential{.access_key_id = std::string(access_key_id),
                 .secret_access_key = std::move(record->secret_access_key),
                 .principal = std::move(principal),
                 .session = std::move(session)}));
}

}  // namespace hallmark::identity
