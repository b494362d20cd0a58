#include "auth/authenticator.h"

#include <algorithm>

#include <fmt/format.h>

#include "auth/signed_request.h"
#include "base/limits.h"
#include "crypto/digest.h"
#include "identity/identifiers.h"

namespace hallmark::auth {
namespace {

constexpr std::string_view allow_everything =
    R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]})";

sigv4::RequestView view_of(const http::Request& request, const SignedRequest& signed_request) {
  sigv4::RequestView view{.method = http::name_of(request.method),
                          .path = request.path,
                          .query = request.query,
                          .headers = {}};
  if (signed_request.signed_query) view.query = *signed_request.signed_query;
  view.headers.reserve(request.headers.fields().size());
  for (const auto& field : request.headers.fields())
    view.headers.emplace_back(field.name, field.value);
  return view;
}

std::string signature_of(const http::Request& request, const SignedRequest& signed_request,
                         const Secret& key) {
  const sigv4::Authorization& authorization = signed_request.authorization;
  const std::string canonical =
      sigv4::canonical_request(view_of(request, signed_request), authorization.signed_headers,
                               signed_request.body_sha256_hex, sigv4::PathStyle::normalized);
  return sigv4::signature_hex(
      key, sigv4::string_to_sign(signed_request.time_text, authorization.scope, canonical));
}

Error wrong_signature() {
  return {ErrorKind::wrong_signature,
          "The request signature we calculated does not match the signature you provided. Check "
          "your AWS Secret Access Key and signing method. Consult the service documentation for "
          "details.",
          {}};
}

// Whether it tells that a key or a token is no good, and not that we could not look.
bool is_refusal(const Error& error) {
  return error.kind == ErrorKind::unknown_access_key || error.kind == ErrorKind::session_expired;
}

constexpr std::size_t user_agent_bytes_max = 512;  // kept, for conditions and the audit record

access::RequestFacts facts_of(const http::Request& request, Timestamp now) {
  const std::string_view agent = request.headers.find("user-agent").value_or("");
  return {.request_id = request.request_id,
          .access_key_id = {},
          .source_ip = request.peer.address,
          .user_agent = std::string(agent.substr(0, user_agent_bytes_max)),
          .time = now,
          .secure_transport = request.peer.secure};
}

}  // namespace

Authenticator::Authenticator(const Sources& sources, Settings settings)
    : sources_(sources),
      settings_(std::move(settings)),
      unknown_secret_(bytes_of("an access key that nobody has has this secret")) {}

Result<Authenticated> Authenticator::authenticate(const http::Request& request) {
  const Timestamp now = sources_.clock.now();
  TRY(auto signed_request, read_signed_request(request, {settings_.home, settings_.services}, now));
  sigv4::Authorization& authorization = signed_request.authorization;

  // An unknown key takes the same road to its end, so that time tells nothing about keys.
  auto credential = find_credential(signed_request);
  if (!credential && !is_refusal(credential.error())) return std::move(credential.error());
  const auto key = credential ? signing_key(*credential, authorization.scope)
                              : std::make_shared<const Secret>(sigv4::derive_signing_key(
                                    unknown_secret_, authorization.scope));
  const std::string expected = signature_of(request, signed_request, *key);
  const bool right = crypto::equal(bytes_of(expected), bytes_of(authorization.signature_hex));
  if (!credential) return std::move(credential.error());
  if (!right) return wrong_signature();

  note_use(**credential, authorization.scope.service, now);
  access::RequestFacts facts = facts_of(request, now);
  facts.access_key_id = (*credential)->access_key_id;
  facts.signature = std::move(authorization.signature_hex);
  facts.session = (*credential)->session;
  return Authenticated{access::Caller((*credential)->principal, std::move(facts)),
                       std::move(authorization.scope.service)};
}

Result<Authenticator::CredentialPointer> Authenticator::find_credential(
    const SignedRequest& request) {
  const std::string& id = request.authorization.access_key_id;
  const bool temporary = id.starts_with(identity::temporary_access_key_prefix);
  if (temporary != request.session_token.has_value()) return identity::unknown_security_token();
  return temporary ? sources_.sessions.find(id, *request.session_token)
                   : sources_.directory.find(id);
}

std::shared_ptr<const Secret> Authenticator::signing_key(const CredentialPointer& credential,
                                                         const sigv4::Scope& scope) {
  std::string name = credential->access_key_id;
  name.append("/").append(scope.text());
  {
    const MutexLock lock(mutex_);
    const auto held = derived_.find(name);
    if (held != derived_.end() && held->second.credential.lock() == credential) {
      return held->second.key;
    }
  }
  auto key = std::make_shared<const Secret>(
      sigv4::derive_signing_key(credential->secret_access_key, scope));
  const MutexLock lock(mutex_);
  if (derived_.size() >= limits::signing_key_cache_entries_max) derived_.clear();
  derived_.insert_or_assign(name, DerivedKey{credential, key});
  return key;
}

// Temporary keys are not kept anywhere, so there is nowhere to write their use.
void Authenticator::note_use(const identity::Credential& credential, std::string_view service,
                             Timestamp now) {
  if (credential.session != nullptr) return;
  {
    const MutexLock lock(uses_mutex_);
    const auto noted = noted_.find(credential.access_key_id);
    // A time in the future is of a clock that has been set back.
    if (noted != noted_.end() && noted->second <= now &&
        now - noted->second < limits::access_key_last_used_interval) {
      return;
    }
    if (noted_.size() >= limits::principal_cache_entries_max) noted_.clear();
    noted_.insert_or_assign(credential.access_key_id, now);
  }
  sources_.last_used.note(credential.access_key_id, service, now);
}

Result<access::Caller> Authenticator::authenticate_peer(const http::Request& request) {
  // Who signs means to act as the owner of a key, with that one's rights, and must not act as the
  // operator by mistake.
  if (has_authentication(request)) return two_sources_of_authentication();
  const auto user = request.peer.user;
  if (!user || (*user != 0 && *user != settings_.server_user)) {
    return denied("Only root and the user that the server runs as may use the admin socket.");
  }
  TRY(auto policy, policy::Document::parse(allow_everything, policy::DocumentKind::identity));
  auto principal = std::make_shared<const access::Principal>(access::Principal{
      .type = access::PrincipalType::machine_operator,
      .account = settings_.account,
      .arn = fmt::format("arn:{}:hallmark:::operator/uid-{}", settings_.home.partition, *user),
      .unique_id = fmt::format("uid:{}", *user),
      .name = {},
      .policies = {std::move(policy)}});
  return access::Caller(std::move(principal), facts_of(request, sources_.clock.now()));
}

Result<access::Caller> Authenticator::authenticate_web_identity(const http::Request& request,
                                                                std::string_view token) {
  if (has_authentication(request)) return two_sources_of_authentication();
  TRY(auto identity, sources_.web_identities.verify(token));
  auto principal = std::make_shared<const access::Principal>(
      access::Principal{.type = access::PrincipalType::web_identity,
                        .account = settings_.account,
                        .arn = {},
                        .unique_id = fmt::format("{}:{}", identity.issuer, identity.subject),
                        .name = {},
                        .policies = {}});
  access::RequestFacts facts = facts_of(request, sources_.clock.now());
  facts.federated_issuer = std::move(identity.issuer);
  facts.claims = std::move(identity.claims);
  return access::Caller(std::move(principal), std::move(facts));
}

}  // namespace hallmark::auth
