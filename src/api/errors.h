// Answers and errors of the Signer API, which administrators get too.
#pragma once

#include <string>
#include <string_view>

#include "base/error.h"
#include "http/message.h"

namespace hallmark::api {

// What an operation calls its refusals: those on tags have names of their own (BadRequestException,
// NotFoundException). Where no operation is known, a fault of ours is InternalFailure.
enum class ErrorDialect { plain, tags, no_operation };

// Body {"message","code"} ("Message" alone for AccessDenied, as AWS's authorization layer writes
// it), x-amzn-ErrorType, x-amzn-RequestId; Retry-After where a retry helps.
http::Response render_error(const Error& error, ErrorDialect dialect, std::string_view request_id);

// An http::RefusalRenderer: for what no router has answered. Logs faults.
http::Response render_refusal(const Error& error, std::string_view request_id);

// A 200 with a JSON body.
http::Response render_answer(std::string body, std::string_view request_id);

}  // namespace hallmark::api
