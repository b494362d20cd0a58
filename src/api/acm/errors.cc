#include "api/acm/errors.h"

#include "api/face.h"
#include "base/json.h"

namespace hallmark::api {
namespace {

constexpr std::string_view media_type = "application/x-amz-json-1.1";

std::string_view name_of_error(const Error& error) {
  const Face face = faces_of(error.kind).acm;
  return error.kind == ErrorKind::throttled ? face.name : shown_name(error, face);
}

}  // namespace

http::Response render_acm_error(const Error& error, std::string_view request_id) {
  const std::string_view name = name_of_error(error);
  JsonWriter json;
  json.begin_object().member("__type", name);
  json.member(error.kind == ErrorKind::denied ? "Message" : "message", shown_message(error));
  json.end_object();
  http::Response response = make_error_response(error, faces_of(error.kind).acm.status,
                                                {media_type, json.take()}, request_id);
  response.headers.add("x-amzn-ErrorType", name);
  return response;
}

http::Response render_acm_answer(std::string body, std::string_view request_id) {
  return make_response(200, {media_type, std::move(body)}, request_id);
}

}  // namespace hallmark::api
