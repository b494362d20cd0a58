#include "api/admin/members.h"
#include "api/admin/operations.h"
#include "pki/certificate_revocations.h"
#include "pki/imported_certificates.h"

namespace hallmark::api {
namespace {

constexpr std::int64_t items_max_default = 100;
constexpr std::int64_t items_max_most = 1000;
constexpr std::string_view default_reason = "UNSPECIFIED";

struct Page {
  std::size_t count;
  std::optional<Uuid> after;
};

Result<Page> read_page(const Incoming& incoming) {
  TRY(const auto body, incoming.body_object());
  TRY(const auto marker, body.find_text("Marker"));
  TRY(const auto items, body.find_integer("MaxItems"));
  const std::int64_t items_max = items.value_or(items_max_default);
  if (items_max < 1 || items_max > items_max_most) {
    return invalid("MaxItems must be between 1 and 1000.");
  }
  Page page{std::size_t(items_max), {}};
  if (!marker) return page;
  page.after = Uuid::parse(*marker);
  if (!page.after) return invalid("Marker is not one that a list was answered with.");
  return page;
}

void write_marker(JsonWriter& json, const std::optional<Uuid>& continue_after) {
  json.member("IsTruncated", continue_after.has_value());
  if (continue_after) json.member("Marker", continue_after->text());
}

void write_revocation(JsonWriter& json,
                      const std::optional<store::CertificateRevocation>& revocation) {
  if (!revocation) return;
  write_date(json, "RevokedAt", revocation->revoked_at);
  json.member("RevocationReason", revocation->reason);
}

Result<std::optional<pki::NamedCertificate>> find_arn(const Incoming& incoming,
                                                      const AdminServices& services) {
  TRY(const auto body, incoming.body_object());
  TRY(const auto arn, body.find_text("CertificateArn"));
  if (!arn) return std::optional<pki::NamedCertificate>();
  TRY(auto named, pki::NamedCertificate::parse(services.authorizer.home(), *arn));
  return std::optional(std::move(named));
}

// PEM is text here, where base64 has nothing to hide.
Result<pki::ImportCertificate> parse_import(const Incoming& incoming, AdminServices& services) {
  pki::ImportCertificate call;
  TRY(const auto body, incoming.body_object());
  TRY(call.replaced, find_arn(incoming, services));
  TRY(call.certificate, read_text(incoming, "Certificate"));
  TRY(const auto chain, body.find_text("CertificateChain"));
  if (chain) call.chain = *chain;
  TRY(const auto key, body.get_text("PrivateKey"));
  call.private_key = Secret(bytes_of(key));
  TRY(call.account, read_account(incoming));
  return call;
}
void run_import(AdminServices& services, access::Permitted<pki::ImportCertificate> permitted,
                Finish finish) {
  services.certificates.import_certificate(
      std::move(permitted),
      answer_by<std::string>(
          [](JsonWriter& json, const std::string& arn) { json.member("CertificateArn", arn); },
          std::move(finish)));
}

Result<pki::ListCertificates> parse_list(const Incoming& incoming, AdminServices&) {
  TRY(const Page page, read_page(incoming));
  TRY(auto account, read_account(incoming));
  return pki::ListCertificates{
      .after = page.after, .count = page.count, .account = std::move(account)};
}
void write_imported(JsonWriter& json, const pki::CertificatePage& page) {
  json.name("Certificates").begin_array();
  for (const auto& [facts, in_use] : page.certificates) {
    json.begin_object().member("CertificateArn", facts.arn);
    json.member("Status", pki::name_of(facts.status)).member("Subject", facts.subject);
    json.member("SerialNumber", facts.serial).member("KeyAlgorithm", facts.key_algorithm);
    write_date(json, "NotBefore", facts.not_before);
    write_date(json, "NotAfter", facts.not_after);
    write_date(json, "ImportedAt", facts.imported_at);
    json.member("InUse", in_use);
    write_revocation(json, facts.revocation);
    json.end_object();
  }
  json.end_array();
  write_marker(json, page.continue_after);
}
Result<std::string> run_list(AdminServices& services,
                             const access::Permitted<pki::ListCertificates>& permitted) {
  return answer_now(services.certificates.list(permitted), write_imported);
}

Result<pki::ListIssuedCertificates> parse_list_issued(const Incoming& incoming, AdminServices&) {
  TRY(const Page page, read_page(incoming));
  TRY(auto account, read_account(incoming));
  return pki::ListIssuedCertificates{std::move(account), page.after, page.count};
}
void write_issued(JsonWriter& json, const pki::IssuedCertificate& issued, Timestamp now) {
  const crypto::Certificate& certificate = issued.certificate;
  const bool is_expired = now >= certificate.not_after;
  json.begin_object();
  json.member("Role", issued.profile_name.empty() ? "intermediate" : "leaf");
  if (!issued.profile_name.empty()) json.member("ProfileName", issued.profile_name);
  json.member("Status", issued.revocation ? "REVOKED" : is_expired ? "EXPIRED" : "ISSUED");
  json.member("Subject", certificate.subject).member("SerialNumber", certificate.serial_hex);
  write_date(json, "NotBefore", certificate.not_before);
  write_date(json, "NotAfter", certificate.not_after);
  write_revocation(json, issued.revocation);
  json.end_object();
}
Result<std::string> run_list_issued(
    AdminServices& services, const access::Permitted<pki::ListIssuedCertificates>& permitted) {
  return answer_now(services.revocations.list_issued(permitted),
                    [&](JsonWriter& json, const pki::IssuedCertificatePage& page) {
                      json.name("Certificates").begin_array();
                      for (const auto& issued : page.certificates) {
                        write_issued(json, issued, services.clock.now());
                      }
                      json.end_array();
                      write_marker(json, page.continue_after);
                    });
}

Result<pki::RevokeCertificate> parse_revoke(const Incoming& incoming, AdminServices& services) {
  TRY(const auto body, incoming.body_object());
  TRY(const auto serial, body.find_text("SerialNumber"));
  TRY(const auto certificate, body.find_text("Certificate"));
  TRY(const auto reason, body.find_text("RevocationReason"));
  pki::RevokeCertificate call{.imported = {},
                              .serial = std::string(serial.value_or("")),
                              .certificate = std::string(certificate.value_or("")),
                              .reason = std::string(reason.value_or(default_reason))};
  TRY(call.imported, find_arn(incoming, services));
  const int given =
      int(call.imported.has_value()) + int(!call.serial.empty()) + int(!call.certificate.empty());
  if (given != 1) {
    return invalid("One of CertificateArn, SerialNumber and Certificate must be given.");
  }
  if (!pki::is_revocation_reason(call.reason)) {
    return invalid("RevocationReason must be one of [" + pki::all_revocation_reasons() + "].");
  }
  return call;
}
void write_revoked(JsonWriter& json, const pki::RevokedCertificate& revoked) {
  if (!revoked.arn.empty()) json.member("CertificateArn", revoked.arn);
  json.member("Subject", revoked.certificate.subject);
  json.member("SerialNumber", revoked.certificate.serial_hex);
  write_revocation(json, revoked.revocation);
}
void run_revoke(AdminServices& services, access::Permitted<pki::RevokeCertificate> permitted,
                Finish finish) {
  services.revocations.revoke(std::move(permitted),
                              answer_by<pki::RevokedCertificate>(write_revoked, std::move(finish)));
}

}  // namespace

constinit const AdminOperation import_certificate_of_account =
    admin_operation<parse_import, run_import>();
constinit const AdminOperation list_imported_certificates = admin_operation<parse_list, run_list>();
constinit const AdminOperation list_issued_certificates =
    admin_operation<parse_list_issued, run_list_issued>();
constinit const AdminOperation revoke_certificate = admin_operation<parse_revoke, run_revoke>();

}  // namespace hallmark::api
