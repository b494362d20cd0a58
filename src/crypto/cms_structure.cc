#include "crypto/cms_structure.h"

#include "base/encoding.h"
#include "crypto/der.h"
#include "crypto/oids.h"

namespace hallmark::crypto {
namespace {

constexpr std::uint8_t version_1 = 1;

Result<Bytes> serial_of(const Certificate& certificate) {
  const auto magnitude = from_hex(certificate.serial_hex);
  if (!magnitude) return corrupt("The signer's certificate has a negative serial number.");
  return der::integer(*magnitude);
}

// SignerInfo (RFC 5652 §5.3), version 1: the signer is named by issuer and serial number.
Result<Bytes> signer_info(const CmsParts& parts) {
  const Certificate& leaf = parts.chain.front();
  TRY(const Bytes serial, serial_of(leaf));
  return der::sequence({der::small_integer(version_1), der::sequence({leaf.issuer_der, serial}),
                        parts.digest_algorithm,
                        der::retagged(der::constructed(0), copy_of(parts.signed_attributes)),
                        parts.signature_algorithm, der::octet_string(parts.signature)});
}

Bytes certificate_set(const CertificateChain& chain) {
  std::vector<Bytes> certificates;
  for (const Certificate& certificate : chain) certificates.push_back(certificate.der);
  return der::retagged(der::constructed(0), der::set_of(std::move(certificates)));
}

}  // namespace

Result<Bytes> cms_message(const CmsParts& parts) {
  TRY(const Bytes signer, signer_info(parts));
  // SignedData (§5.1), version 1: plain certificates, id-data, no content: it is detached.
  const Bytes signed_data =
      der::sequence({der::small_integer(version_1), der::set_of({copy_of(parts.digest_algorithm)}),
                     der::sequence({der::known_identifier(oids::data)}),
                     certificate_set(parts.chain), der::set_of({signer})});
  return der::sequence(
      {der::known_identifier(oids::signed_data), der::value(der::constructed(0), signed_data)});
}

Bytes digest_algorithm_of(const AlgorithmRow& row) {
  return der::sequence({der::known_identifier(row.digest_oid)});
}

Bytes digest_algorithm_with_null_of(const AlgorithmRow& row) {
  return der::sequence({der::known_identifier(row.digest_oid), der::null()});
}

Bytes signature_algorithm_of(const AlgorithmRow& row) {
  return der::sequence({der::known_identifier(row.signature_oid)});
}

Result<Bytes> attribute_set(const std::vector<CmsAttribute>& attributes) {
  std::vector<Bytes> encoded;
  for (const CmsAttribute& attribute : attributes) {
    TRY(const Bytes identifier, der::object_identifier(attribute.oid));
    encoded.push_back(der::sequence({identifier, der::set_of({attribute.value_der})}));
  }
  return der::set_of(std::move(encoded));
}

bool is_standard_attribute(std::string_view oid) {
  return oid == oids::content_type || oid == oids::message_digest || oid == oids::signing_time ||
         oid == oids::algorithm_protection;
}

Bytes content_type_value() { return der::known_identifier(oids::data); }

// CMSAlgorithmProtection (RFC 6211 §2), whose module tags implicitly.
Bytes algorithm_protection_value(ByteView digest_algorithm, ByteView signature_algorithm) {
  return der::sequence(
      {digest_algorithm, der::retagged(der::constructed(1), copy_of(signature_algorithm))});
}

}  // namespace hallmark::crypto
