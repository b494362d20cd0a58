// The rules of a signed request that need no secret: which authentication it carries, when it was
// signed, and that everything that changes its meaning is signed. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "http/message.h"
#include "model/arn.h"
#include "sigv4/sigv4.h"

namespace hallmark::auth {

// A request whose authentication is in its Authorization header or in its query.
struct SignedRequest {
  sigv4::Authorization authorization;
  std::string time_text;                    // as it was signed
  std::optional<std::string> signed_query;  // nothing: the request's whole query
  std::optional<std::string> session_token;
  std::string body_sha256_hex;  // of the body received, computed here
};

// What a credential scope must name.
struct Scopes {
  const model::Home& home;
  const std::vector<std::string>& services;
};

Result<SignedRequest> read_signed_request(const http::Request& request, const Scopes& scopes,
                                          Timestamp now);

// Whether a request carries authentication in its header or its query, good or bad.
bool has_authentication(const http::Request& request);
Error two_sources_of_authentication();

}  // namespace hallmark::auth
