// How STS calls an error: code, status and XML.
#pragma once

#include <string_view>

#include "base/error.h"
#include "http/message.h"

namespace hallmark::api {

inline constexpr std::string_view sts_namespace = "https://sts.amazonaws.com/doc/2011-06-15/";

// <ErrorResponse><Error>…, x-amzn-RequestId; Retry-After where a retry helps. An error's reason, if
// it has one, is its code.
http::Response render_sts_error(const Error& error, std::string_view request_id);

// A 200 with an XML body.
http::Response render_sts_answer(std::string xml, std::string_view request_id);

}  // namespace hallmark::api
