// Tokens of OpenID Connect issuers, for CI pipelines without long-lived keys: a signed JWT (RFC
// 7519) of a configured issuer, for a configured audience, whose keys come from a JWKS document
// (RFC 7517).
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "access/principal.h"
#include "base/clock.h"
#include "base/result.h"

namespace hallmark::identity {

// Fetches the issuer's JWKS document; the server's wiring provides it (a file, or a URL). Any
// thread; bounded in size and time.
class KeySetSource {
 public:
  virtual ~KeySetSource() = default;
  virtual Result<std::string> fetch() = 0;
};

struct WebIdentityIssuer {
  std::string url;  // "https://gitlab.example.com"; the token's `iss` is exactly this
  std::vector<std::string> audiences;
  std::unique_ptr<KeySetSource> key_set;
};

// What a token proves.
struct WebIdentity {
  std::string issuer;      // without "https://", as trust policies and condition keys name it
  std::string subject;     // `sub`
  std::string audience;    // the first configured one that the token is for
  access::Context claims;  // "ISSUER:sub", "ISSUER:aud" (the configured ones that the token is
                           // for), and every other claim that is a text or several texts
};

class WebIdentities {
 public:
  virtual ~WebIdentities() = default;
  // Invalid, with STS's name for it as the reason: ExpiredTokenException; IDPCommunicationError
  // when the keys cannot be fetched; else InvalidIdentityToken, for what is not a token of a
  // configured issuer and audience, signed with a key of the issuer for an algorithm of that key,
  // and valid now. Any thread; may fetch keys, and then waits.
  virtual Result<WebIdentity> verify(std::string_view token) = 0;
};

// Invalid unless each issuer has a URL of https that a trust policy can name, an audience, and no
// twin. The clock outlives the object.
Result<std::unique_ptr<WebIdentities>> web_identities(std::vector<WebIdentityIssuer> issuers,
                                                      const Clock& clock);

}  // namespace hallmark::identity
