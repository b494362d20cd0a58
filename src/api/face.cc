#include "api/face.h"

namespace hallmark::api {
namespace {

constexpr Faces fault = {
    {"InternalServiceErrorException", 500}, {"InternalFailure", 500}, {"InternalFailure", 500}};

}  // namespace

// The signer's own errors and "Common Errors" of each API Reference. JSON 1.1 (acm) answers
// whatever a client did wrong with 400. Clients set their clocks by the names that acm and sts have
// for an expired request.
Faces faces_of(ErrorKind kind) {
  switch (kind) {  // length: a table, a row for each kind
    case ErrorKind::invalid:
      return {{"ValidationException", 400}, {"ValidationException", 400}, {"ValidationError", 400}};
    case ErrorKind::not_found:
      return {{"ResourceNotFoundException", 404},
              {"ResourceNotFoundException", 400},
              {"ValidationError", 400}};
    case ErrorKind::conflict:
      return {{"ConflictException", 409}, {"ConflictException", 400}, {"ValidationError", 400}};
    case ErrorKind::denied:
      return {
          {"AccessDeniedException", 403}, {"AccessDeniedException", 400}, {"AccessDenied", 403}};
    case ErrorKind::limit_exceeded:
      return {{"ServiceLimitExceededException", 402},
              {"LimitExceededException", 400},
              {"LimitExceeded", 400}};
    case ErrorKind::throttled:
      return {{"TooManyRequestsException", 429}, {"ThrottlingException", 400}, {"Throttling", 400}};
    case ErrorKind::bad_request:
      return {{"MalformedHttpRequestException", 400},
              {"MalformedHttpRequestException", 400},
              {"MalformedQueryString", 400}};
    case ErrorKind::malformed:
      return {{"SerializationException", 400},
              {"SerializationException", 400},
              {"MalformedInput", 400}};
    case ErrorKind::too_large:
      return {{"RequestEntityTooLargeException", 413},
              {"RequestEntityTooLargeException", 413},
              {"RequestEntityTooLarge", 413}};
    case ErrorKind::too_slow:
      return {{"RequestTimeoutException", 408},
              {"RequestTimeoutException", 408},
              {"RequestTimeout", 408}};
    case ErrorKind::length_required:
      return {{"MalformedHttpRequestException", 411},
              {"MalformedHttpRequestException", 411},
              {"MissingContentLength", 411}};
    case ErrorKind::no_such_operation:
      return {{"UnknownOperationException", 404},
              {"UnknownOperationException", 400},
              {"InvalidAction", 400}};
    case ErrorKind::unauthenticated:
      return {{"MissingAuthenticationTokenException", 403},
              {"MissingAuthenticationTokenException", 400},
              {"MissingAuthenticationToken", 403}};
    case ErrorKind::incomplete_signature:
      return {{"IncompleteSignature", 403},
              {"IncompleteSignatureException", 400},
              {"IncompleteSignature", 403}};
    case ErrorKind::unknown_access_key:
      return {{"UnrecognizedClientException", 403},
              {"UnrecognizedClientException", 400},
              {"InvalidClientTokenId", 403}};
    case ErrorKind::wrong_signature:
      return {{"InvalidSignatureException", 403},
              {"InvalidSignatureException", 400},
              {"SignatureDoesNotMatch", 403}};
    case ErrorKind::request_expired:
      return {{"RequestExpired", 400},
              {"InvalidSignatureException", 400},
              {"SignatureDoesNotMatch", 403}};
    case ErrorKind::session_expired:
      return {
          {"ExpiredTokenException", 403}, {"ExpiredTokenException", 400}, {"ExpiredToken", 403}};
    case ErrorKind::unavailable:
      return {{"ServiceUnavailable", 503},
              {"ServiceUnavailableException", 503},
              {"ServiceUnavailable", 503}};
    case ErrorKind::corrupt:
    case ErrorKind::internal: return fault;
  }
  return fault;
}

bool is_fault(const Error& error) {
  return error.kind == ErrorKind::corrupt || error.kind == ErrorKind::internal;
}

std::string shown_message(const Error& error) {
  return is_fault(error) ? "An internal error occurred." : error.message;
}

std::string_view shown_name(const Error& error, const Face& face) {
  return error.reason.empty() || face.status >= 500 ? face.name : error.reason;
}

http::Response make_response(int status, Content content, std::string_view request_id) {
  http::Response response{.status = status, .headers = {}, .body = std::move(content.body)};
  response.headers.add("Content-Type", content.type);
  response.headers.add("x-amzn-RequestId", request_id);
  return response;
}

http::Response make_error_response(const Error& error, int status, Content content,
                                   std::string_view request_id) {
  http::Response response = make_response(status, std::move(content), request_id);
  if (error.kind == ErrorKind::unavailable || error.kind == ErrorKind::throttled) {
    response.headers.add("Retry-After", "1");
  }
  return response;
}

}  // namespace hallmark::api
