#include "auth/authenticator.h"

#include <fmt/format.h>

#include "auth/signed_request.h"
#include "base/limits.h"
#include "crypto/digest.h"

namespace hallmark::auth {
namespace {

sigv4::RequestView view_of(const http::Request& request) {
  sigv4::RequestView view{.method = http::name_of(request.method),
                          .path = request.path,
                          .query = request.query,
                          .headers = {}};
  view.headers.reserve(request.headers.fields().size());
  for (const auto& field : request.headers.fields())
    view.headers.emplace_back(field.name, field.value);
  return view;
}

Error wrong_signature() {
  return {ErrorKind::wrong_signature,
          "The request signature we calculated does not match the signature you provided. Check "
          "your AWS Secret Access Key and signing method. Consult the service documentation for "
          "details.",
          {}};
}

}  // namespace

Authenticator::Authenticator(identity::Directory& directory, const Clock& clock, model::Home home)
    : directory_(directory),
      clock_(clock),
      home_(std::move(home)),
      unknown_secret_(bytes_of("an access key that nobody has has this secret")) {}

Result<access::Caller> Authenticator::authenticate(const http::Request& request) {
  const Timestamp now = clock_.now();
  TRY(auto signed_request, read_signed_request(request, home_, now));
  const sigv4::Authorization& authorization = signed_request.authorization;

  // An unknown key takes the same road to its end, so that time tells nothing about keys.
  auto credential = directory_.find(authorization.access_key_id);
  if (!credential && credential.error().kind != ErrorKind::unknown_access_key) {
    return std::move(credential.error());
  }
  const auto key = credential ? signing_key(*credential, authorization.scope)
                              : std::make_shared<const Secret>(sigv4::derive_signing_key(
                                    unknown_secret_, authorization.scope));
  const std::string canonical =
      sigv4::canonical_request(view_of(request), authorization.signed_headers,
                               signed_request.body_sha256_hex, sigv4::PathStyle::normalized);
  const std::string expected = sigv4::signature_hex(
      *key, sigv4::string_to_sign(signed_request.time_text, authorization.scope, canonical));
  const bool right = crypto::equal(bytes_of(expected), bytes_of(authorization.signature_hex));
  if (!credential) return std::move(credential.error());
  if (!right) return wrong_signature();
  if (request.headers.count("x-amz-security-token") > 0) {
    // Only temporary credentials carry a token, and this key is not one.
    return Error{ErrorKind::unknown_access_key,
                 "The security token included in the request is invalid.",
                 {}};
  }
  return access::Caller((*credential)->principal,
                        {.request_id = request.request_id,
                         .access_key_id = (*credential)->access_key_id,
                         .source_ip = request.peer.address,
                         .user_agent = std::string(request.headers.find("user-agent").value_or("")),
                         .time = now,
                         .secure_transport = request.peer.secure});
}

std::shared_ptr<const Secret> Authenticator::signing_key(
    const std::shared_ptr<const identity::Credential>& credential, const sigv4::Scope& scope) {
  const std::string name = fmt::format("{}/{}", credential->access_key_id, scope.text());
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

}  // namespace hallmark::auth
