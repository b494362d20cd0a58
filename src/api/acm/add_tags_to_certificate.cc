#include "api/acm/members.h"
#include "api/acm/operations.h"

namespace hallmark::api {
namespace {

Result<pki::AddTagsToCertificate> parse(const Incoming& incoming, Services& services) {
  TRY(auto certificate, read_certificate_arn(incoming, services));
  TRY(const auto body, incoming.body_object());
  TRY(body.get("Tags"));
  TRY(auto tags, read_certificate_tags(body));
  return pki::AddTagsToCertificate{std::move(certificate), std::move(tags)};
}

void run(Services& services, access::Permitted<pki::AddTagsToCertificate> permitted,
         Finish finish) {
  services.certificates.add_tags(std::move(permitted), std::move(finish));
}

}  // namespace

constinit const Operation add_tags_to_certificate = operation<parse, run>(http::Method::post, "/");

}  // namespace hallmark::api
