#include "api/acm/members.h"
#include "api/acm/operations.h"

namespace hallmark::api {
namespace {

Result<pki::RemoveTagsFromCertificate> parse(const Incoming& incoming, Services& services) {
  TRY(auto certificate, read_certificate_arn(incoming, services));
  TRY(const auto body, incoming.body_object());
  TRY(body.get("Tags"));
  TRY(auto tags, read_tags_to_remove(body));
  return pki::RemoveTagsFromCertificate{std::move(certificate), std::move(tags)};
}

void run(Services& services, access::Permitted<pki::RemoveTagsFromCertificate> permitted,
         Finish finish) {
  services.certificates.remove_tags(std::move(permitted), std::move(finish));
}

}  // namespace

constinit const Operation remove_tags_from_certificate =
    operation<parse, run>(http::Method::post, "/");

}  // namespace hallmark::api
