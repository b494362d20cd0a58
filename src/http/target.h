// Request targets (RFC 9112 §3.2) and the Host field. Private to http.
#pragma once

#include <string_view>

#include "base/result.h"

namespace hallmark::http {

// The origin form of a target, raw. Borrows from the target.
struct TargetParts {
  std::string_view path;   // begins with '/'
  std::string_view query;  // after the first '?', without it
};

// Accepts the origin form and, when its authority is `host`, the absolute form of http and https.
// The authority form (CONNECT), the asterisk form, user information, fragments and everything that
// is not visible ASCII: bad_request.
Result<TargetParts> split_target(std::string_view target, std::string_view host);

// bad_request unless `host` is a name or an IP address with an optional port (RFC 9110 §7.2).
Result<void> check_host(std::string_view host);

}  // namespace hallmark::http
