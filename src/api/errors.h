// The only place that knows how AWS calls an error: name, status, headers and body.
#pragma once

#include <string_view>

#include "base/error.h"
#include "http/message.h"

namespace hallmark::api {

// What an operation calls its refusals: those on tags have names of their own (BadRequestException,
// NotFoundException).
enum class ErrorDialect { plain, tags };

// Body {"message","code"} ("Message" alone for AccessDenied, as AWS's authorization layer writes
// it), x-amzn-ErrorType, x-amzn-RequestId; Retry-After where a retry helps. Logs errors of ours.
http::Response render_error(const Error& error, ErrorDialect dialect, std::string_view request_id);

// The same, for requests that never reached routing: an error of ours is then InternalFailure.
http::Response render_refusal(const Error& error, std::string_view request_id);

// A 200 with a JSON body.
http::Response render_answer(std::string body, std::string_view request_id);

}  // namespace hallmark::api
