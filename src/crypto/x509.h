// X.509 certificates: made from fixed templates, read, and checked against roots.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/random.h"
#include "base/result.h"
#include "crypto/signer.h"

namespace hallmark::crypto {

// A certificate as DER, with the facts that others ask for. A value.
struct Certificate {
  Bytes der;
  Bytes public_key;   // SubjectPublicKeyInfo, DER
  Bytes subject_der;  // Name, DER: chains compare these bytes
  Bytes issuer_der;
  std::string subject;              // RFC 2253, for people: printable, whatever the name holds
  std::string common_name;          // of the subject; empty unless it has exactly one
  std::string organizational_unit;  // the same
  std::string serial_hex;           // upper-case hex, for people
  Timestamp not_before;
  Timestamp not_after;

  static Result<Certificate> parse(ByteView der);
  // From not_before to before not_after.
  bool is_valid_at(Timestamp time) const { return not_before <= time && time < not_after; }
};

// SHA-384 of what the issuer signed (TBSCertificate, RFC 5280 §4.1), lower-case hex: what a
// revocation names a certificate by.
std::string tbs_sha384_hex(const Certificate& certificate);

// Leaf first, root last.
using CertificateChain = std::vector<Certificate>;

// "-----BEGIN CERTIFICATE-----" blocks, one after the other.
std::string to_pem(const CertificateChain& chain);
// At least one and at most limits::certificate_chain_max certificates; other PEM blocks are errors.
Result<CertificateChain> certificates_from_pem(std::string_view pem);

struct DistinguishedName {
  std::string common_name;  // never empty
  std::string organization = {};
  std::string organizational_unit = {};
  std::string state = {};
  std::string country = {};
};

// The shapes we issue (reference: RFC 5280 and the Notary Project's certificate rules):
// root: CA critical, keyCertSign + cRLSign critical; intermediate: the same with pathLen 0;
// leaf: no CA, digitalSignature critical, EKU codeSigning; of a leaf for the audit log no EKU, so
// that nobody takes it for one that signs code. All carry SKI and AKI, none AIA or CRL
// distribution points, ecdsa-with-SHA384 (or the issuer's algorithm), a random serial of 127 bits.
enum class CertificateShape { root, intermediate, code_signing_leaf, audit_leaf };

struct CertificateRequest {
  CertificateShape shape;
  DistinguishedName subject;
  Timestamp not_before;  // whole seconds
  Timestamp not_after;
  ByteView public_key;  // of the subject: SubjectPublicKeyInfo, DER; outlives the call
};

// Issues a certificate; a root is self-signed: `issuer` is then nothing and `signer` holds the
// subject's own key. Checks its own output: the signature verifies and the parsed facts are those
// asked for.
Result<Certificate> issue(const CertificateRequest& request,
                          const std::optional<Certificate>& issuer, const Signer& signer,
                          Random& random);

// Whether the certificate may sign code: no CA, key usage digitalSignature, extended key usage
// codeSigning. Corrupt with the reason if not.
Result<void> check_signs_code(const Certificate& leaf);

// Whether the certificate may issue leaves and nothing else: a CA with pathLen 0 and key usage
// keyCertSign, no digital signatures, no critical extension that is not known, and no extended key
// usage but codeSigning. Corrupt with the reason if not.
Result<void> check_issues_leaves(const Certificate& intermediate);

// Whether the chain (leaf first, with or without the root) leads to one of `roots`, every
// certificate in it is valid at `time`, and the leaf may sign code. The chain is judged as it is
// written: in order by the bytes of its names, nothing missing or superfluous, and a root that is
// self-issued. Corrupt with the reason if not.
Result<void> verify_chain(const CertificateChain& chain, const std::vector<Certificate>& roots,
                          Timestamp time);
// The same for a leaf that signs checkpoints of the audit log: it may not sign code.
Result<void> verify_audit_chain(const CertificateChain& chain,
                                const std::vector<Certificate>& roots, Timestamp time);

}  // namespace hallmark::crypto
