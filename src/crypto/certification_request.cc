#include "crypto/certification_request.h"

#include <openssl/err.h>
#include <openssl/pem.h>

#include "base/limits.h"
#include "crypto/algorithm_table.h"
#include "crypto/der.h"
#include "crypto/digest.h"
#include "crypto/pem_text.h"
#include "crypto/public_key.h"
#include "crypto/x509_name.h"
#include "crypto/x509_openssl.h"

namespace hallmark::crypto {
namespace {

using RequestHandle = Handle<X509_REQ, X509_REQ_free>;

// That whoever asks has the key (RFC 2986 §3, note 2).
Result<void> check_possession(X509_REQ* request, ByteView public_key) {
  TRY(const auto readable, read_public_key(public_key));
  TRY(const auto key, load_public_key(readable));
  const int answer = X509_REQ_verify(request, key.get());
  ERR_clear_error();
  if (answer == 1) return {};
  return corrupt("The certification request is not signed with its own key.");
}

}  // namespace

Result<CertificationRequest> CertificationRequest::parse(ByteView der) {
  const std::uint8_t* next = der.data();
  const RequestHandle handle(d2i_X509_REQ(nullptr, &next, static_cast<long>(der.size())));
  if (handle == nullptr) return openssl_refusal("The certification request cannot be read.");
  CertificationRequest request;
  request.der = copy_of(der);
  if (der_of<i2d_X509_REQ>(handle.get()) != request.der) {
    return corrupt("The certification request is not in DER, or is followed by something else.");
  }
  const X509_NAME* subject = X509_REQ_get_subject_name(handle.get());
  request.public_key = der_of<i2d_X509_PUBKEY>(X509_REQ_get_X509_PUBKEY(handle.get()));
  request.subject_der = der_of<i2d_X509_NAME>(subject);
  if (request.public_key.empty() || request.subject_der.empty()) {
    return openssl_error("write the parts of a certification request");
  }
  TRY(request.subject, readable_name(subject));
  TRY(request.common_name, only_attribute(subject, NID_commonName));
  TRY(check_possession(handle.get(), request.public_key));
  return request;
}

Result<CertificationRequest> request_certificate(const DistinguishedName& subject,
                                                 const Signer& signer) {
  if (signer.kind() == KeyKind::rsa) return internal_error("certificates are asked for with ECDSA");
  TRY(const Bytes name, name_of(subject));
  const Bytes no_attributes = der::value(der::constructed(0), {});
  const Bytes body =
      der::sequence({der::small_integer(0), name, signer.public_key(), no_attributes});
  const AlgorithmRow& row = row_of(algorithm_of(signer.kind()));
  Hasher hasher(row.digest);
  hasher.update(body);
  TRY(const Bytes signature, signer.sign_digest(row.algorithm, hasher.finish()));
  const Bytes algorithm = der::sequence({der::known_identifier(row.signature_oid)});
  return CertificationRequest::parse(der::sequence({body, algorithm, der::bit_string(signature)}));
}

std::string to_pem(const CertificationRequest& request) {
  return pem_block(PEM_STRING_X509_REQ, request.der);
}

Result<CertificationRequest> certification_request_from_pem(std::string_view pem) {
  if (pem.size() > limits::certificate_pem_bytes_max) return corrupt("The PEM text is too large.");
  TRY(const auto blocks, read_pem(pem, {.label = PEM_STRING_X509_REQ, .count_max = 1}));
  if (blocks.empty()) return corrupt("The PEM text holds no certification request.");
  return CertificationRequest::parse(blocks.front());
}

}  // namespace hallmark::crypto
