#include "api/sts/errors.h"

#include "api/face.h"
#include "api/sts/xml.h"

namespace hallmark::api {
namespace {

constexpr std::string_view media_type = "text/xml";

}  // namespace

http::Response render_sts_error(const Error& error, std::string_view request_id) {
  const Face face = faces_of(error.kind).sts;
  XmlWriter xml;
  xml.begin("ErrorResponse", sts_namespace).begin("Error");
  xml.element("Type", face.status < 500 ? "Sender" : "Receiver")
      .element("Code", shown_name(error, face));
  xml.element("Message", shown_message(error));
  xml.end("Error").element("RequestId", request_id).end("ErrorResponse");
  return make_error_response(error, face.status, {media_type, xml.take()}, request_id);
}

http::Response render_sts_answer(std::string xml, std::string_view request_id) {
  return make_response(200, {media_type, std::move(xml)}, request_id);
}

}  // namespace hallmark::api
