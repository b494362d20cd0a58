#include <chrono>

#include "base/check.h"
#include "base/encoding.h"
#include "base/printable.h"
#include "crypto/digest.h"
#include "crypto/x509_openssl.h"

namespace hallmark::crypto {
namespace {

Result<Timestamp> timestamp_of(const ASN1_TIME* time) {
  std::tm fields = {};
  if (ASN1_TIME_to_tm(time, &fields) != 1) {
    return openssl_refusal("The certificate has a time that cannot be read.");
  }
  using namespace std::chrono;
  const auto date = year(fields.tm_year + 1900) / (fields.tm_mon + 1) / fields.tm_mday;
  return Timestamp(sys_days(date) + hours(fields.tm_hour) + minutes(fields.tm_min) +
                   seconds(fields.tm_sec));
}

Result<std::string> name_as_text(const X509_NAME* name, unsigned long flags) {
  const BioHandle memory(BIO_new(BIO_s_mem()));
  if (memory == nullptr) return openssl_error("write a name");
  if (X509_NAME_print_ex(memory.get(), name, 0, flags) < 0) {
    return openssl_refusal("The certificate has a name that cannot be read.");
  }
  char* text = nullptr;
  const long size = BIO_get_mem_data(memory.get(), &text);
  return size > 0 ? std::string(text, static_cast<std::size_t>(size)) : std::string();
}

Result<std::string> serial_of(const X509& x509) {
  const BigNumHandle number(ASN1_INTEGER_to_BN(X509_get0_serialNumber(&x509), nullptr));
  if (number == nullptr) return openssl_refusal("The certificate has no serial number.");
  const OpensslMemory<char> hex(BN_bn2hex(number.get()));
  if (hex == nullptr) return openssl_error("write a serial number");
  return std::string(hex.get());
}

// The whole first value of these bytes, and where its content begins. A certificate that was parsed
// is well-formed.
struct DerValue {
  ByteView whole;
  std::size_t content_at;
};
DerValue first_value(ByteView bytes) {
  const unsigned char* next = bytes.data();
  long content_bytes = 0;
  int tag = 0;
  int tag_class = 0;
  const int form =
      ASN1_get_object(&next, &content_bytes, &tag, &tag_class, static_cast<long>(bytes.size()));
  CHECK((form & 0x80) == 0);  // no error
  const auto content_at = static_cast<std::size_t>(next - bytes.data());
  return {bytes.first(content_at + static_cast<std::size_t>(content_bytes)), content_at};
}

}  // namespace

Result<std::string> readable_name(const X509_NAME* name) {
  constexpr auto escape_beyond_ascii = static_cast<unsigned long>(ASN1_STRFLGS_ESC_MSB);
  TRY(auto text, name_as_text(name, XN_FLAG_RFC2253 & ~escape_beyond_ascii));
  if (is_printable(text)) return text;
  return name_as_text(name, XN_FLAG_RFC2253);
}

Result<std::string> only_attribute(const X509_NAME* name, int kind) {
  const int place = X509_NAME_get_index_by_NID(name, kind, -1);
  if (place < 0 || X509_NAME_get_index_by_NID(name, kind, place) >= 0) return std::string();
  const ASN1_STRING* value = X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, place));
  unsigned char* text = nullptr;
  const int size = ASN1_STRING_to_UTF8(&text, value);
  const OpensslMemory<unsigned char> owned(text);
  if (size < 0) return openssl_refusal("The certificate has a name that cannot be read.");
  return std::string(text_of({text, static_cast<std::size_t>(size)}));
}

Result<X509Handle> read_x509(ByteView der) {
  const std::uint8_t* next = der.data();
  X509Handle x509(d2i_X509(nullptr, &next, static_cast<long>(der.size())));
  if (x509 == nullptr) return openssl_refusal("The certificate cannot be read.");
  // Other encodings of the same certificate would have other fingerprints.
  if (der_of<i2d_X509>(x509.get()) != copy_of(der)) {
    return corrupt("The certificate is not in DER, or is followed by something else.");
  }
  return x509;
}

Result<Certificate> certificate_of(const X509& x509) {
  Certificate certificate;
  certificate.der = der_of<i2d_X509>(&x509);
  certificate.public_key = der_of<i2d_X509_PUBKEY>(X509_get_X509_PUBKEY(&x509));
  certificate.subject_der = der_of<i2d_X509_NAME>(X509_get_subject_name(&x509));
  certificate.issuer_der = der_of<i2d_X509_NAME>(X509_get_issuer_name(&x509));
  if (certificate.der.empty() || certificate.public_key.empty() ||
      certificate.subject_der.empty() || certificate.issuer_der.empty()) {
    return openssl_error("write the parts of a certificate");
  }
  const X509_NAME* subject = X509_get_subject_name(&x509);
  TRY(certificate.subject, readable_name(subject));
  TRY(certificate.common_name, only_attribute(subject, NID_commonName));
  TRY(certificate.organizational_unit, only_attribute(subject, NID_organizationalUnitName));
  TRY(certificate.serial_hex, serial_of(x509));
  TRY(certificate.not_before, timestamp_of(X509_get0_notBefore(&x509)));
  TRY(certificate.not_after, timestamp_of(X509_get0_notAfter(&x509)));
  return certificate;
}

std::string tbs_sha384_hex(const Certificate& certificate) {
  const DerValue outer = first_value(certificate.der);
  return to_hex(sha384(first_value(outer.whole.subspan(outer.content_at)).whole));
}

Result<Certificate> Certificate::parse(ByteView der) {
  TRY(const auto x509, read_x509(der));
  return certificate_of(*x509);
}

}  // namespace hallmark::crypto
