#include "api/acm/members.h"
#include "api/acm/operations.h"

namespace hallmark::api {
namespace {

Result<pki::ListTagsForCertificate> parse(const Incoming& incoming, Services& services) {
  TRY(auto certificate, read_certificate_arn(incoming, services));
  return pki::ListTagsForCertificate{std::move(certificate)};
}

Result<std::string> run(Services& services,
                        const access::Permitted<pki::ListTagsForCertificate>& permitted) {
  TRY(const auto tags, services.certificates.list_tags(permitted));
  JsonWriter json;
  json.begin_object().name("Tags").begin_array();
  for (const auto& [key, value] : tags) {
    json.begin_object().member("Key", key).member("Value", value).end_object();
  }
  json.end_array().end_object();
  return json.take();
}

}  // namespace

constinit const Operation list_tags_for_certificate =
    operation<parse, run>(http::Method::post, "/");

}  // namespace hallmark::api
