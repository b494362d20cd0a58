#include <algorithm>

#include <fmt/format.h>
#include <openssl/x509v3.h>

#include "crypto/algorithm_table.h"
#include "crypto/der.h"
#include "crypto/digest.h"
#include "crypto/oids.h"
#include "crypto/public_key.h"
#include "crypto/x509_name.h"
#include "crypto/x509_openssl.h"

namespace hallmark::crypto {
namespace {

// One bit of KeyUsage (RFC 5280 §4.2.1.3), as it stands in the first byte of the bit string.
constexpr std::uint8_t digital_signature = 0x80;
constexpr std::uint8_t key_cert_sign_and_crl_sign = 0x06;

enum class Criticality { critical, not_critical };

Bytes extension(std::string_view oid, Criticality criticality, ByteView value) {
  const Bytes critical =
      criticality == Criticality::critical ? der::boolean_true() : Bytes();  // FALSE is the default
  return der::sequence({der::known_identifier(oid), critical, der::octet_string(value)});
}

Bytes basic_constraints(CertificateShape shape) {
  switch (shape) {
    case CertificateShape::root: return der::sequence({der::boolean_true()});
    case CertificateShape::intermediate:
      return der::sequence({der::boolean_true(), der::small_integer(0)});  // pathLenConstraint
    case CertificateShape::code_signing_leaf:
    case CertificateShape::audit_leaf: return der::sequence({});
  }
  return {};
}

bool is_leaf(CertificateShape shape) {
  return shape == CertificateShape::code_signing_leaf || shape == CertificateShape::audit_leaf;
}

// Method 1 of RFC 7093 §2: the leftmost 160 bits of the SHA-256 of the key's bits.
Result<Bytes> key_identifier(ByteView public_key) {
  TRY(const auto key, read_public_key(public_key));
  const Sha256 digest = sha256(key.bits);
  return copy_of(ByteView(digest).first(20));
}

// The identifier that the issuer's own certificate states; others may have made it another way.
Result<Bytes> key_identifier_of(const Certificate& issuer) {
  TRY(const auto x509, read_x509(issuer.der));
  const ASN1_OCTET_STRING* stated = X509_get0_subject_key_id(x509.get());
  if (stated == nullptr) return key_identifier(issuer.public_key);
  return copy_of(
      {ASN1_STRING_get0_data(stated), static_cast<std::size_t>(ASN1_STRING_length(stated))});
}

Bytes serial_number(Random& random) {
  Bytes serial(16);
  random.fill(serial);
  serial[0] &=
      0x7f;  // 127 bits, so that it is positive in 16 bytes (RFC 5280 §4.1.2.2: at most 20)
  return der::integer(serial);
}

Result<Bytes> extensions_of(const CertificateRequest& request,
                            const std::optional<Certificate>& issuer) {
  TRY(const Bytes own_identifier, key_identifier(request.public_key));
  Bytes issuers_identifier = own_identifier;
  if (issuer) {
    TRY(issuers_identifier, key_identifier_of(*issuer));
  }
  const std::uint8_t usage =
      is_leaf(request.shape) ? digital_signature : key_cert_sign_and_crl_sign;

  Bytes all =
      extension(oids::basic_constraints, Criticality::critical, basic_constraints(request.shape));
  append(all, extension(oids::key_usage, Criticality::critical, der::named_bits(usage)));
  if (request.shape == CertificateShape::code_signing_leaf) {
    append(all, extension(oids::extended_key_usage, Criticality::not_critical,
                          der::sequence({der::known_identifier(oids::code_signing)})));
  }
  append(all, extension(oids::subject_key_identifier, Criticality::not_critical,
                        der::octet_string(own_identifier)));
  append(all, extension(oids::authority_key_identifier, Criticality::not_critical,
                        der::sequence({der::value(der::primitive(0), issuers_identifier)})));
  return der::value(der::constructed(3), der::value(der::sequence_tag, all));
}

Result<void> check_issuer(const CertificateRequest& request,
                          const std::optional<Certificate>& issuer, const Signer& signer) {
  const bool is_root = request.shape == CertificateShape::root;
  if (is_root == issuer.has_value()) {
    return internal_error("a root is issued by itself, and everything else by an issuer");
  }
  const ByteView issuing_key = issuer ? ByteView(issuer->public_key) : request.public_key;
  if (!equal(issuing_key, signer.public_key())) {
    return internal_error("the signer does not hold the issuer's key");
  }
  if (!issuer) return {};
  TRY(const auto x509, read_x509(issuer->der));
  if (X509_check_ca(x509.get()) != 1) return invalid("The issuer may not issue certificates.");
  if (request.shape == CertificateShape::intermediate && X509_get_pathlen(x509.get()) == 0) {
    return invalid("The issuer may not issue certificates of issuers.");
  }
  return {};
}

// That the subject's key is a point of its curve: who signs nonsense vouches for it.
Result<void> check_subject_key(ByteView public_key) {
  TRY(const auto readable, read_public_key(public_key));
  TRY(const auto key, load_public_key(readable));
  return {};
}

Result<void> check_times(const CertificateRequest& request) {
  const auto is_whole_second = [](Timestamp t) { return t == from_unix_seconds(unix_seconds(t)); };
  if (!is_whole_second(request.not_before) || !is_whole_second(request.not_after)) {
    return internal_error("a certificate's times are whole seconds");
  }
  if (request.not_before >= request.not_after) {
    return invalid("A certificate's validity must end after it begins.");
  }
  return {};
}

// TBSCertificate (RFC 5280 §4.1), version 3.
Result<Bytes> to_be_signed(const CertificateRequest& request,
                           const std::optional<Certificate>& issuer, ByteView algorithm,
                           Random& random) {
  TRY(const Bytes subject, name_of(request.subject));
  TRY(const Bytes extensions, extensions_of(request, issuer));
  const Bytes version = der::value(der::constructed(0), der::small_integer(2));
  const Bytes validity = der::sequence(
      {der::certificate_time(request.not_before), der::certificate_time(request.not_after)});
  return der::sequence({version, serial_number(random), algorithm,
                        issuer ? issuer->subject_der : subject, validity, subject,
                        request.public_key, extensions});
}

// That OpenSSL reads what was asked for, and that the signature verifies under the issuer's key.
Result<void> check_output(const Certificate& made, const CertificateRequest& request,
                          const std::optional<Certificate>& issuer) {
  TRY(const auto x509, read_x509(made.der));
  const int is_ca = X509_check_ca(x509.get());
  const bool as_asked = equal(made.public_key, request.public_key) &&
                        made.not_before == request.not_before &&
                        made.not_after == request.not_after &&
                        equal(made.issuer_der, issuer ? issuer->subject_der : made.subject_der) &&
                        is_ca == (is_leaf(request.shape) ? 0 : 1);
  if (!as_asked) return internal_error("the certificate that was made is not the one asked for");

  TRY(const auto readable, read_public_key(issuer ? issuer->public_key : made.public_key));
  TRY(const auto key, load_public_key(readable));
  if (X509_verify(x509.get(), key.get()) != 1) return openssl_error("check a new certificate");
  return {};
}

}  // namespace

Result<Certificate> issue(const CertificateRequest& request,
                          const std::optional<Certificate>& issuer, const Signer& signer,
                          Random& random) {
  if (signer.kind() == KeyKind::rsa) return internal_error("certificates are issued with ECDSA");
  TRY(check_issuer(request, issuer, signer));
  TRY(check_subject_key(request.public_key));
  TRY(check_times(request));
  // RFC 5758 §3.2: the parameters of ECDSA are absent.
  const AlgorithmRow& row = row_of(algorithm_of(signer.kind()));
  const Bytes algorithm = der::sequence({der::known_identifier(row.signature_oid)});
  TRY(const Bytes body, to_be_signed(request, issuer, algorithm, random));

  Hasher hasher(row.digest);
  hasher.update(body);
  TRY(const Bytes signature, signer.sign_digest(row.algorithm, hasher.finish()));
  TRY(auto certificate,
      Certificate::parse(der::sequence({body, algorithm, der::bit_string(signature)})));
  TRY(check_output(certificate, request, issuer));
  return certificate;
}

}  // namespace hallmark::crypto
