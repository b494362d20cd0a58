// The rules of a signed request that need no secret: which authentication it carries, when it was
// signed, and that everything that changes its meaning is signed. Pure.
#pragma once

#include <string>

#include "base/clock.h"
#include "base/result.h"
#include "http/message.h"
#include "model/arn.h"
#include "sigv4/sigv4.h"

namespace hallmark::auth {

struct SignedRequest {
  sigv4::Authorization authorization;
  std::string time_text;        // as it was signed
  std::string body_sha256_hex;  // of the body received, computed here
};

Result<SignedRequest> read_signed_request(const http::Request& request, const model::Home& home,
                                          Timestamp now);

}  // namespace hallmark::auth
