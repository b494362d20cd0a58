#include "api/acm/members.h"
#include "api/acm/operations.h"

namespace hallmark::api {
namespace {

Result<pki::DeleteCertificate> parse(const Incoming& incoming, Services& services) {
  TRY(auto certificate, read_certificate_arn(incoming, services));
  return pki::DeleteCertificate{std::move(certificate)};
}

void run(Services& services, access::Permitted<pki::DeleteCertificate> permitted, Finish finish) {
  services.certificates.delete_certificate(std::move(permitted), std::move(finish));
}

}  // namespace

constinit const Operation delete_certificate = operation<parse, run>(http::Method::post, "/");

}  // namespace hallmark::api
