#include <algorithm>

#include "crypto/cms_structure.h"
#include "crypto/der.h"
#include "crypto/digest.h"
#include "crypto/oids.h"

namespace hallmark::crypto {
namespace {

Result<void> check_chain(const CertificateChain& chain, const Signer& signer) {
  if (chain.empty() || !equal(chain.front().public_key, signer.public_key())) {
    return internal_error("the certificate chain is not of the signer's key");
  }
  for (std::size_t i = 0; i < chain.size(); ++i) {
    const Certificate& issuer = i + 1 < chain.size() ? chain[i + 1] : chain[i];
    if (chain[i].issuer_der != issuer.subject_der) {
      return internal_error("the certificate chain is not complete and in order");
    }
  }
  return {};
}

Result<void> check_attributes(const std::vector<CmsAttribute>& attributes) {
  for (std::size_t i = 0; i < attributes.size(); ++i) {
    const auto same = [&](const CmsAttribute& other) { return other.oid == attributes[i].oid; };
    if (is_standard_attribute(attributes[i].oid) ||
        std::any_of(attributes.begin(), attributes.begin() + std::ptrdiff_t(i), same)) {
      return internal_error("a signed attribute is given twice: " + attributes[i].oid);
    }
  }
  return {};
}

}  // namespace

Result<Bytes> sign_cms(const CmsRequest& request, const CertificateChain& chain,
                       const Signer& signer) {
  TRY(check_chain(chain, signer));
  TRY(check_attributes(request.attributes));
  if (signer.kind() == KeyKind::rsa) return internal_error("messages are signed with ECDSA");
  const AlgorithmRow& row = row_of(algorithm_of(signer.kind()));
  if (request.content_digest.size() != digest_size(row.digest)) {
    return internal_error("the content's digest is not of the signer's algorithm");
  }
  const Bytes digest_algorithm = digest_algorithm_of(row);
  const Bytes signature_algorithm = signature_algorithm_of(row);

  std::vector<CmsAttribute> attributes = request.attributes;
  attributes.push_back({std::string(oids::content_type), content_type_value()});
  attributes.push_back(
      {std::string(oids::message_digest), der::octet_string(request.content_digest)});
  attributes.push_back(
      {std::string(oids::signing_time), der::generalized_time(request.signing_time)});
  attributes.push_back({std::string(oids::algorithm_protection),
                        algorithm_protection_value(digest_algorithm, signature_algorithm)});
  TRY(const Bytes signed_attributes, attribute_set(attributes));

  Hasher hasher(row.digest);
  hasher.update(signed_attributes);
  TRY(const Bytes signature, signer.sign_digest(row.algorithm, hasher.finish()));
  return cms_message({.chain = chain,
                      .digest_algorithm = digest_algorithm,
                      .signature_algorithm = signature_algorithm,
                      .signed_attributes = signed_attributes,
                      .signature = signature});
}

}  // namespace hallmark::crypto
