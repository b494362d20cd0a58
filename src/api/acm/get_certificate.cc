#include "api/acm/members.h"
#include "api/acm/operations.h"

namespace hallmark::api {
namespace {

Result<pki::GetCertificate> parse(const Incoming& incoming, Services& services) {
  TRY(auto certificate, read_certificate_arn(incoming, services));
  return pki::GetCertificate{std::move(certificate)};
}

Result<std::string> run(Services& services,
                        const access::Permitted<pki::GetCertificate>& permitted) {
  TRY(const auto pems, services.certificates.get(permitted));
  JsonWriter json;
  json.begin_object().member("Certificate", pems.certificate);
  if (!pems.chain.empty()) json.member("CertificateChain", pems.chain);
  json.end_object();
  return json.take();
}

}  // namespace

constinit const Operation get_certificate = operation<parse, run>(http::Method::post, "/");

}  // namespace hallmark::api
