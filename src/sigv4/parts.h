// What both forms of authentication are made of. For the sources of this module only.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "sigv4/sigv4.h"

namespace hallmark::sigv4 {

inline constexpr std::string_view algorithm = "AWS4-HMAC-SHA256";

// The three texts that either form carries.
struct AuthorizationTexts {
  std::string_view credential, signed_headers, signature;
};

// incomplete_signature, naming what is malformed.
Result<Authorization> read_authorization(const AuthorizationTexts& texts);

Error incomplete(std::string message);
std::vector<std::string_view> split(std::string_view text, char separator);

// The names of all headers of a request as SignedHeaders lists them: lower case, sorted, each once.
std::vector<std::string> signed_header_names(const RequestView& request);

}  // namespace hallmark::sigv4
