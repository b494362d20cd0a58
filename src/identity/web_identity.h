// Tokens of OpenID Connect issuers, for CI pipelines without long-lived keys: a signed JWT (RFC
// 7519) of a configured issuer, for a configured audience, whose keys come from a JWKS document
// (RFC 7517).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "access/principal.h"
#include "base/clock.h"
#include "base/result.h"

namespace hallmark::identity {

struct WebIdentityIssuer {
  std::string url;  // "https://gitlab.example.com"; the token's `iss` is exactly this
  std::vector<std::string> audiences;
};

// Fetches the issuer's JWKS document; the server's wiring provides it (a file, or a URL).
class KeySetSource {
 public:
  virtual ~KeySetSource() = default;
  virtual Result<std::string> fetch() = 0;
};

// What a token proves.
struct WebIdentity {
  std::string issuer;      // without "https://", as trust policies and condition keys name it
  std::string subject;     // `sub`
  std::string audience;    // the configured one that matched
  access::Context claims;  // "ISSUER:sub", "ISSUER:aud" and the other text claims
};

class WebIdentities {
 public:
  virtual ~WebIdentities() = default;
  // Denied, in STS's words: not a token of a configured issuer and audience, wrong signature or
  // algorithm, expired, not yet valid. Any thread; may fetch keys.
  virtual Result<WebIdentity> verify(std::string_view token) = 0;
};

}  // namespace hallmark::identity
