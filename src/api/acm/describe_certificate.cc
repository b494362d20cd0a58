#include "api/acm/members.h"
#include "api/acm/operations.h"

namespace hallmark::api {
namespace {

Result<pki::DescribeCertificate> parse(const Incoming& incoming, Services& services) {
  TRY(auto certificate, read_certificate_arn(incoming, services));
  return pki::DescribeCertificate{std::move(certificate)};
}

void write_texts(JsonWriter& json, std::string_view name, const std::vector<std::string>& texts) {
  json.name(name).begin_array();
  for (const std::string& text : texts) json.text(text);
  json.end_array();
}

void write_usages(JsonWriter& json, const pki::CertificateFacts& facts) {
  json.name("KeyUsages").begin_array();
  for (const std::string_view name : facts.key_usages) {
    json.begin_object().member("Name", name).end_object();
  }
  json.end_array().name("ExtendedKeyUsages").begin_array();
  for (const auto& usage : facts.extended_key_usages) {
    json.begin_object().member("Name", usage.name);
    if (!usage.oid.empty()) json.member("OID", usage.oid);
    json.end_object();
  }
  json.end_array();
}

Result<std::string> run(Services& services,
                        const access::Permitted<pki::DescribeCertificate>& permitted) {
  TRY(const auto described, services.certificates.describe(permitted));
  const pki::CertificateFacts& facts = described.facts;
  JsonWriter json;
  json.begin_object().name("Certificate").begin_object();
  write_certificate_facts(json, facts);
  write_texts(json, "SubjectAlternativeNames", facts.alternative_names);
  json.member("Serial", facts.serial).member("Subject", facts.subject);
  json.member("Issuer", facts.issuer).member("SignatureAlgorithm", facts.signature_algorithm);
  write_texts(json, "InUseBy", described.in_use_by);
  if (facts.revocation) json.member("RevocationReason", facts.revocation->reason);
  write_usages(json, facts);
  json.name("Options").begin_object();
  json.member("CertificateTransparencyLoggingPreference", "DISABLED").end_object();
  json.end_object().end_object();
  return json.take();
}

}  // namespace

constinit const Operation describe_certificate = operation<parse, run>(http::Method::post, "/");

}  // namespace hallmark::api
