#include "api/admin/members.h"
#include "api/admin/operations.h"
#include "pki/intermediates.h"

namespace hallmark::api {
namespace {

Result<pki::RequestIntermediate> parse_request(const Incoming&, AdminServices&) {
  return pki::RequestIntermediate{};
}
void write_order(JsonWriter& json, const pki::IntermediateOrder& order) {
  json.member("Order", pki::to_pem(order)).member("Subject", order.request.subject);
}
Result<std::string> run_request(AdminServices& services,
                                const access::Permitted<pki::RequestIntermediate>& permitted) {
  return answer_now(services.intermediates.request(permitted), write_order);
}

void write_certificate(JsonWriter& json, const crypto::Certificate& certificate) {
  json.member("Certificate", crypto::to_pem({certificate}));
  json.member("Subject", certificate.subject).member("SerialNumber", certificate.serial_hex);
  write_date(json, "NotBefore", certificate.not_before);
  write_date(json, "NotAfter", certificate.not_after);
}

Result<pki::InstallIntermediate> parse_install(const Incoming& incoming, AdminServices&) {
  TRY(auto certificate, read_text(incoming, "Certificate"));
  return pki::InstallIntermediate{std::move(certificate)};
}
Result<std::string> run_install(AdminServices& services,
                                const access::Permitted<pki::InstallIntermediate>& permitted) {
  return answer_now(services.intermediates.install(permitted), write_certificate);
}

Result<pki::RenewIntermediate> parse_renew(const Incoming&, AdminServices&) {
  return pki::RenewIntermediate{};
}
Result<std::string> run_renew(AdminServices& services,
                              const access::Permitted<pki::RenewIntermediate>& permitted) {
  return answer_now(services.intermediates.renew(permitted), write_certificate);
}

std::string_view role_of(const pki::ListedAuthority& authority) {
  switch (authority.role) {
    case store::CertificateRole::root: return "root";
    case store::CertificateRole::intermediate: return "intermediate";
    case store::CertificateRole::requested_intermediate: return "request";
    case store::CertificateRole::leaf: return "leaf";
    case store::CertificateRole::audit: return "audit";
  }
  return "";
}
void write_authority(JsonWriter& json, const pki::ListedAuthority& authority) {
  json.begin_object();
  json.member("Role", role_of(authority)).member("Status", pki::name_of(authority.state));
  json.member("Subject", authority.subject);
  if (!authority.serial.empty()) {
    json.member("SerialNumber", authority.serial);
    write_date(json, "NotAfter", authority.not_after);
  }
  write_date(json, "NotBefore", authority.not_before);
  if (authority.revocation) {
    write_date(json, "RevokedAt", authority.revocation->revoked_at);
    json.member("RevocationReason", authority.revocation->reason);
  }
  json.end_object();
}
void write_authorities(JsonWriter& json, const std::vector<pki::ListedAuthority>& authorities) {
  json.name("Certificates").begin_array();
  for (const pki::ListedAuthority& authority : authorities) write_authority(json, authority);
  json.end_array();
}
Result<pki::ListAuthorities> parse_list(const Incoming&, AdminServices&) {
  return pki::ListAuthorities{};
}
Result<std::string> run_list(AdminServices& services,
                             const access::Permitted<pki::ListAuthorities>& permitted) {
  return answer_now(services.intermediates.list(permitted), write_authorities);
}

}  // namespace

constinit const AdminOperation request_intermediate = admin_operation<parse_request, run_request>();
constinit const AdminOperation install_intermediate = admin_operation<parse_install, run_install>();
constinit const AdminOperation renew_intermediate = admin_operation<parse_renew, run_renew>();
constinit const AdminOperation list_authorities = admin_operation<parse_list, run_list>();

}  // namespace hallmark::api
