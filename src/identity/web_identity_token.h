// A web identity's token taken apart, and what its claims say. Pure. Private to identity/.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/json.h"
#include "base/result.h"
#include "crypto/jwk.h"
#include "identity/web_identity.h"

namespace hallmark::identity {

// A JSON Web Signature in compact form (RFC 7515 §7.1) whose payload is JSON. Nothing of it is
// verified yet.
struct WebIdentityToken {
  crypto::JwsAlgorithm algorithm;
  std::string key_id;              // "kid"; empty: it names none
  std::string_view signing_input;  // of the token, borrowed
  Bytes signature;
  JsonDocument claims;
  std::string issuer;  // `iss`
};
Result<WebIdentityToken> parse_web_identity_token(std::string_view token);

// What the claims of a verified token say at `now`, if they are for one of the audiences.
Result<WebIdentity> judge_claims(const JsonDocument& claims, std::string_view issuer_url,
                                 const std::vector<std::string>& audiences, Timestamp now);

// "gitlab.example.com" of "https://gitlab.example.com".
std::string_view issuer_name(std::string_view url);

Error invalid_token(std::string message);  // InvalidIdentityToken

}  // namespace hallmark::identity
