#include "api/acm/members.h"
#include "api/acm/operations.h"
#include "base/encoding.h"

namespace hallmark::api {
namespace {

constexpr std::size_t private_key_bytes_max = 8'192;  // the model's

Result<Bytes> read_blob(std::string_view name, std::string_view base64) {
  auto bytes = from_base64(base64);
  if (!bytes) return malformed(std::string(name) + " must be base64.");
  if (bytes->empty()) return invalid(std::string(name) + " must have 1 byte at least.");
  return *std::move(bytes);
}

Result<std::string> read_pem(const JsonObject& body, std::string_view name) {
  TRY(const auto base64, body.find_text(name));
  if (!base64) return std::string();
  TRY(const auto bytes, read_blob(name, *base64));
  return std::string(text_of(bytes));
}

Result<Secret> read_private_key(const JsonObject& body) {
  TRY(const auto base64, body.get_text("PrivateKey"));
  TRY(auto bytes, read_blob("PrivateKey", base64));
  Secret key{ByteView(bytes)};
  wipe(bytes);
  if (key.size() > private_key_bytes_max) {
    return invalid("PrivateKey must have at most 8192 bytes.");
  }
  return key;
}

Result<pki::ImportCertificate> parse(const Incoming& incoming, Services& services) {
  TRY(const auto body, incoming.body_object());
  pki::ImportCertificate call;
  if (body.find("CertificateArn")) {
    TRY(call.replaced, read_certificate_arn(incoming, services));
  }
  TRY(body.get("Certificate"));
  TRY(call.certificate, read_pem(body, "Certificate"));
  TRY(call.chain, read_pem(body, "CertificateChain"));
  TRY(call.tags, read_certificate_tags(body));
  TRY(call.private_key, read_private_key(body));
  return call;
}

void run(Services& services, access::Permitted<pki::ImportCertificate> permitted, Finish finish) {
  services.certificates.import_certificate(
      std::move(permitted), [finish = std::move(finish)](Result<std::string> arn) mutable {
        if (!arn) return finish(std::move(arn));
        JsonWriter json;
        json.begin_object().member("CertificateArn", *arn).end_object();
        finish(json.take());
      });
}

}  // namespace

// To judge an RSA key takes a while.
constinit const Operation import_certificate =
    operation<parse, run>(http::Method::post, "/", {.where = Where::pooled});

}  // namespace hallmark::api
