#include "api/errors.h"

#include "base/json.h"
#include "base/log.h"

namespace hallmark::api {
namespace {

struct Face {
  std::string_view name;
  int status;
};

Face face_of(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::invalid: return {"ValidationException", 400};
    case ErrorKind::not_found: return {"ResourceNotFoundException", 404};
    case ErrorKind::conflict: return {"ConflictException", 409};
    case ErrorKind::denied: return {"AccessDeniedException", 403};
    case ErrorKind::limit_exceeded: return {"ServiceLimitExceededException", 402};
    case ErrorKind::throttled: return {"TooManyRequestsException", 429};
    case ErrorKind::bad_request: return {"MalformedHttpRequestException", 400};
    case ErrorKind::malformed: return {"SerializationException", 400};
    case ErrorKind::too_large: return {"RequestEntityTooLargeException", 413};
    case ErrorKind::too_slow: return {"RequestTimeoutException", 408};
    case ErrorKind::length_required: return {"MalformedHttpRequestException", 411};
    case ErrorKind::no_such_operation: return {"UnknownOperationException", 404};
    case ErrorKind::unauthenticated: return {"MissingAuthenticationTokenException", 403};
    case ErrorKind::incomplete_signature: return {"IncompleteSignature", 403};
    case ErrorKind::unknown_access_key: return {"UnrecognizedClientException", 403};
    case ErrorKind::wrong_signature: return {"InvalidSignatureException", 403};
    case ErrorKind::request_expired: return {"RequestExpired", 400};
    case ErrorKind::session_expired: return {"ExpiredTokenException", 403};
    case ErrorKind::unavailable: return {"ServiceUnavailable", 503};
    case ErrorKind::corrupt: return {"InternalServiceErrorException", 500};
    case ErrorKind::internal: return {"InternalServiceErrorException", 500};
  }
  return {"InternalServiceErrorException", 500};
}

Face face_of(const Error& error, ErrorDialect dialect) {
  if (error.kind == ErrorKind::throttled && !error.reason.empty()) return {error.reason, 429};
  if (dialect == ErrorDialect::tags && error.kind == ErrorKind::invalid) {
    return {"BadRequestException", 400};
  }
  if (dialect == ErrorDialect::tags && error.kind == ErrorKind::not_found) {
    return {"NotFoundException", 404};
  }
  return face_of(error.kind);
}

// What went wrong inside is for the log alone.
void log_fault(const Error& error, std::string_view request_id) {
  if (face_of(error.kind).status < 500) return;
  log::error("request failed", {{"request", std::string(request_id)}, {"error", describe(error)}});
}

http::Response render(const Error& error, const Face& face, std::string_view request_id) {
  const std::string message = face.status == 500 ? "An internal error occurred." : error.message;
  JsonWriter json;
  json.begin_object();
  if (error.kind == ErrorKind::denied) {
    json.member("Message", message);
  } else {
    json.member("message", message);
    json.member("code", error.reason.empty() ? face.name : error.reason);
  }
  json.end_object();

  http::Response response = render_answer(json.take(), request_id);
  response.status = face.status;
  response.headers.add("x-amzn-ErrorType", face.name);
  if (face.status == 503 || face.status == 429) response.headers.add("Retry-After", "1");
  return response;
}

}  // namespace

http::Response render_error(const Error& error, ErrorDialect dialect, std::string_view request_id) {
  log_fault(error, request_id);
  return render(error, face_of(error, dialect), request_id);
}

http::Response render_refusal(const Error& error, std::string_view request_id) {
  // Strangers can bring an overload about at any rate, so it is not logged line by line.
  if (error.kind != ErrorKind::unavailable) log_fault(error, request_id);
  const Face face = face_of(error, ErrorDialect::plain);
  return render(error, face.status == 500 ? Face{"InternalFailure", 500} : face, request_id);
}

http::Response render_answer(std::string body, std::string_view request_id) {
  http::Response response;
  response.body = std::move(body);
  response.headers.add("Content-Type", "application/json");
  response.headers.add("x-amzn-RequestId", request_id);
  return response;
}

}  // namespace hallmark::api
