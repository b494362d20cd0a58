#include "api/errors.h"

#include "api/face.h"
#include "base/json.h"
#include "base/log.h"

namespace hallmark::api {
namespace {

constexpr std::string_view media_type = "application/json";

Face face_of(const Error& error, ErrorDialect dialect) {
  const Face face = faces_of(error.kind).signer;
  if (error.kind == ErrorKind::throttled && !error.reason.empty()) {
    return {error.reason, face.status};
  }
  switch (dialect) {
    case ErrorDialect::plain: return face;
    case ErrorDialect::tags:
      if (error.kind == ErrorKind::invalid) return {"BadRequestException", 400};
      if (error.kind == ErrorKind::not_found) return {"NotFoundException", 404};
      return face;
    case ErrorDialect::no_operation: return is_fault(error) ? Face{"InternalFailure", 500} : face;
  }
  return face;
}

}  // namespace

http::Response render_error(const Error& error, ErrorDialect dialect, std::string_view request_id) {
  const Face face = face_of(error, dialect);
  JsonWriter json;
  json.begin_object();
  if (error.kind == ErrorKind::denied) {
    json.member("Message", shown_message(error));
  } else {
    json.member("message", shown_message(error));
    json.member("code", shown_name(error, face));
  }
  json.end_object();
  http::Response response =
      make_error_response(error, face.status, {media_type, json.take()}, request_id);
  response.headers.add("x-amzn-ErrorType", face.name);
  return response;
}

http::Response render_refusal(const Error& error, std::string_view request_id) {
  if (is_fault(error)) {
    log::error("request failed",
               {{"request", std::string(request_id)}, {"error", describe(error)}});
  }
  return render_error(error, ErrorDialect::no_operation, request_id);
}

http::Response render_answer(std::string body, std::string_view request_id) {
  return make_response(200, {media_type, std::move(body)}, request_id);
}

}  // namespace hallmark::api
