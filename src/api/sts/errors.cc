#include "api/sts/errors.h"

#include "api/sts/xml.h"
#include "base/log.h"

namespace hallmark::api {
namespace {

struct Face {
  std::string_view code;
  int status;
};

// STS API Reference, "Common Errors"; request_expired as STS answers it, whose clients set their
// clock by it.
Face face_of(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::invalid: return {"ValidationError", 400};
    case ErrorKind::not_found: return {"ValidationError", 400};
    case ErrorKind::conflict: return {"ValidationError", 400};
    case ErrorKind::denied: return {"AccessDenied", 403};
    case ErrorKind::limit_exceeded: return {"LimitExceeded", 400};
    case ErrorKind::throttled: return {"Throttling", 400};
    case ErrorKind::bad_request: return {"MalformedQueryString", 400};
    case ErrorKind::malformed: return {"MalformedInput", 400};
    case ErrorKind::too_large: return {"RequestEntityTooLarge", 413};
    case ErrorKind::too_slow: return {"RequestTimeout", 408};
    case ErrorKind::length_required: return {"MissingContentLength", 411};
    case ErrorKind::no_such_operation: return {"InvalidAction", 400};
    case ErrorKind::unauthenticated: return {"MissingAuthenticationToken", 403};
    case ErrorKind::incomplete_signature: return {"IncompleteSignature", 403};
    case ErrorKind::unknown_access_key: return {"InvalidClientTokenId", 403};
    case ErrorKind::wrong_signature: return {"SignatureDoesNotMatch", 403};
    case ErrorKind::request_expired: return {"SignatureDoesNotMatch", 403};
    case ErrorKind::session_expired: return {"ExpiredToken", 403};
    case ErrorKind::unavailable: return {"ServiceUnavailable", 503};
    case ErrorKind::corrupt: return {"InternalFailure", 500};
    case ErrorKind::internal: return {"InternalFailure", 500};
  }
  return {"InternalFailure", 500};
}

}  // namespace

http::Response render_sts_error(const Error& error, std::string_view request_id) {
  Face face = face_of(error.kind);
  // Strangers can bring an overload about at any rate, so it is not logged line by line.
  if (face.status == 500) {
    log::error("request failed",
               {{"request", std::string(request_id)}, {"error", describe(error)}});
  }
  if (face.status < 500 && !error.reason.empty()) face.code = error.reason;
  XmlWriter xml;
  xml.begin("ErrorResponse", sts_namespace).begin("Error");
  xml.element("Type", face.status < 500 ? "Sender" : "Receiver").element("Code", face.code);
  xml.element("Message", face.status == 500 ? "An internal error occurred." : error.message);
  xml.end("Error").element("RequestId", request_id).end("ErrorResponse");
  http::Response response = render_sts_answer(face.status, xml.take(), request_id);
  const bool is_worth_a_retry =
      error.kind == ErrorKind::unavailable || error.kind == ErrorKind::throttled;
  if (is_worth_a_retry) response.headers.add("Retry-After", "1");
  return response;
}

http::Response render_sts_answer(int status, std::string xml, std::string_view request_id) {
  http::Response response;
  response.status = status;
  response.body = std::move(xml);
  response.headers.add("Content-Type", "text/xml");
  response.headers.add("x-amzn-RequestId", request_id);
  return response;
}

}  // namespace hallmark::api
