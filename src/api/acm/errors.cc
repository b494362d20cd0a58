#include "api/acm/errors.h"

#include "base/json.h"
#include "base/log.h"

namespace hallmark::api {
namespace {

struct Face {
  std::string_view name;
  int status;
};

// JSON 1.1 answers whatever a client did wrong with 400 ("Common Errors" of the API Reference).
Face face_of(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::invalid: return {"ValidationException", 400};
    case ErrorKind::not_found: return {"ResourceNotFoundException", 400};
    case ErrorKind::conflict: return {"ConflictException", 400};
    case ErrorKind::denied: return {"AccessDeniedException", 400};
    case ErrorKind::limit_exceeded: return {"LimitExceededException", 400};
    case ErrorKind::throttled: return {"ThrottlingException", 400};
    case ErrorKind::bad_request: return {"MalformedHttpRequestException", 400};
    case ErrorKind::malformed: return {"SerializationException", 400};
    case ErrorKind::too_large: return {"RequestEntityTooLargeException", 413};
    case ErrorKind::too_slow: return {"RequestTimeoutException", 408};
    case ErrorKind::length_required: return {"MalformedHttpRequestException", 411};
    case ErrorKind::no_such_operation: return {"UnknownOperationException", 400};
    case ErrorKind::unauthenticated: return {"MissingAuthenticationTokenException", 400};
    case ErrorKind::incomplete_signature: return {"IncompleteSignatureException", 400};
    case ErrorKind::unknown_access_key: return {"UnrecognizedClientException", 400};
    case ErrorKind::wrong_signature: return {"InvalidSignatureException", 400};
    // Clients set their clock by this name.
    case ErrorKind::request_expired: return {"InvalidSignatureException", 400};
    case ErrorKind::session_expired: return {"ExpiredTokenException", 400};
    case ErrorKind::unavailable: return {"ServiceUnavailableException", 503};
    case ErrorKind::corrupt: return {"InternalFailure", 500};
    case ErrorKind::internal: return {"InternalFailure", 500};
  }
  return {"InternalFailure", 500};
}

}  // namespace

http::Response render_acm_error(const Error& error, std::string_view request_id) {
  Face face = face_of(error.kind);
  // Strangers can bring an overload about at any rate, so it is not logged line by line.
  if (face.status == 500) {
    log::error("request failed",
               {{"request", std::string(request_id)}, {"error", describe(error)}});
  }
  const bool is_throttled = error.kind == ErrorKind::throttled;
  if (face.status < 500 && !is_throttled && !error.reason.empty()) face.name = error.reason;
  JsonWriter json;
  json.begin_object().member("__type", face.name);
  json.member(error.kind == ErrorKind::denied ? "Message" : "message",
              face.status == 500 ? std::string("An internal error occurred.") : error.message);
  json.end_object();
  http::Response response = render_acm_answer(face.status, json.take(), request_id);
  response.headers.add("x-amzn-ErrorType", face.name);
  if (is_throttled || face.status == 503) response.headers.add("Retry-After", "1");
  return response;
}

http::Response render_acm_answer(int status, std::string body, std::string_view request_id) {
  http::Response response;
  response.status = status;
  response.body = std::move(body);
  response.headers.add("Content-Type", "application/x-amz-json-1.1");
  response.headers.add("x-amzn-RequestId", request_id);
  return response;
}

}  // namespace hallmark::api
