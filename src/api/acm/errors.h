// How the Certificate Manager calls an error: name, status and JSON.
#pragma once

#include <string>
#include <string_view>

#include "base/error.h"
#include "http/message.h"

namespace hallmark::api {

// {"__type","message"} ("Message" for AccessDenied, as AWS's authorization layer writes it),
// x-amzn-ErrorType, x-amzn-RequestId; Retry-After where a retry helps. An error's reason, if it has
// one, is its name.
http::Response render_acm_error(const Error& error, std::string_view request_id);

// A 200 with a JSON body of version 1.1.
http::Response render_acm_answer(std::string body, std::string_view request_id);

}  // namespace hallmark::api
