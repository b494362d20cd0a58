#include "crypto/cms_read.h"

#include <algorithm>
#include <array>

#include <openssl/objects.h>

#include "base/limits.h"
#include "crypto/cms_structure.h"
#include "crypto/openssl.h"
#include "crypto/public_key.h"
#include "crypto/x509_openssl.h"

namespace hallmark::crypto {
namespace {

struct FreesCertificates {
  void operator()(STACK_OF(X509) * stack) const noexcept { sk_X509_pop_free(stack, X509_free); }
};
using CertificateStack = std::unique_ptr<STACK_OF(X509), FreesCertificates>;

Result<CmsHandle> read_content_info(ByteView bytes) {
  if (bytes.size() > limits::signature_block_bytes_max) {
    return corrupt("The signature block is too large.");
  }
  const std::uint8_t* next = bytes.data();
  CmsHandle cms(d2i_CMS_ContentInfo(nullptr, &next, static_cast<long>(bytes.size())));
  if (cms == nullptr) return openssl_refusal("The signature block cannot be read.");
  if (next != bytes.data() + bytes.size()) {
    return corrupt("The signature block is followed by something else.");
  }
  if (OBJ_obj2nid(CMS_get0_type(cms.get())) != NID_pkcs7_signed) {
    return corrupt("The signature block is not signed data.");
  }
  return cms;
}

Result<CMS_SignerInfo*> only_signer(CMS_ContentInfo* cms) {
  STACK_OF(CMS_SignerInfo)* signers = CMS_get0_SignerInfos(cms);
  if (signers == nullptr || sk_CMS_SignerInfo_num(signers) != 1) {
    return corrupt("The signature block does not have exactly one signer.");
  }
  return sk_CMS_SignerInfo_value(signers, 0);
}

// Each certificate followed by its issuer. All of them must be of the one chain.
Result<CertificateChain> ordered(Certificate leaf, CertificateChain others) {
  CertificateChain chain = {std::move(leaf)};
  while (!others.empty()) {
    const bool at_root = chain.back().issuer_der == chain.back().subject_der;
    const auto issuer =
        std::ranges::find(others, chain.back().issuer_der, &Certificate::subject_der);
    if (at_root || issuer == others.end()) {
      return corrupt("The signature block has certificates that are not of its signer's chain.");
    }
    chain.push_back(std::move(*issuer));
    others.erase(issuer);
  }
  return chain;
}

Result<CertificateChain> chain_of(CMS_ContentInfo* cms, CMS_SignerInfo* signer) {
  const CertificateStack stack(CMS_get1_certs(cms));
  const int count = stack == nullptr ? 0 : sk_X509_num(stack.get());
  if (count > static_cast<int>(limits::certificate_chain_max)) {
    return corrupt("The signature block has too many certificates.");
  }
  std::optional<Certificate> leaf;
  CertificateChain others;
  for (int i = 0; i < count; ++i) {
    X509* x509 = sk_X509_value(stack.get(), i);
    TRY(auto certificate, certificate_of(*x509));
    if (!leaf && CMS_SignerInfo_cert_cmp(signer, x509) == 0) {
      leaf = std::move(certificate);
    } else {
      others.push_back(std::move(certificate));
    }
  }
  if (!leaf) return corrupt("The signature block does not have its signer's certificate.");
  return ordered(*std::move(leaf), std::move(others));
}

Result<CmsAttribute> attribute_of(X509_ATTRIBUTE* attribute) {
  if (X509_ATTRIBUTE_count(attribute) != 1) {
    return corrupt("A signed attribute does not have exactly one value.");
  }
  std::array<char, 128> oid = {};
  const int size =
      OBJ_obj2txt(oid.data(), int(oid.size()), X509_ATTRIBUTE_get0_object(attribute), 1);
  if (size <= 0 || size >= int(oid.size())) {
    return openssl_refusal("A signed attribute has a name that cannot be read.");
  }
  Bytes value = der_of<i2d_ASN1_TYPE>(X509_ATTRIBUTE_get0_type(attribute, 0));
  if (value.empty()) return openssl_refusal("A signed attribute has a value that cannot be read.");
  return CmsAttribute{.oid = oid.data(), .value_der = std::move(value)};
}

Result<std::vector<CmsAttribute>> attributes_of(CMS_SignerInfo* signer) {
  std::vector<CmsAttribute> attributes;
  const int count = CMS_signed_get_attr_count(signer);
  for (int i = 0; i < count; ++i) {
    TRY(auto attribute, attribute_of(CMS_signed_get_attr(signer, i)));
    if (std::ranges::find(attributes, attribute.oid, &CmsAttribute::oid) != attributes.end()) {
      return corrupt("A signed attribute is there twice.");
    }
    attributes.push_back(std::move(attribute));
  }
  return attributes;
}

// The algorithms of the leaf's key, and no others: a message cannot choose a weaker one.
Result<void> check_algorithms(const CmsMessage& message) {
  const AlgorithmRow& row = message.algorithm;
  if (message.digest_algorithm != digest_algorithm_of(row) &&
      message.digest_algorithm != digest_algorithm_with_null_of(row)) {
    return corrupt("The digest algorithm is not that of the signer's key.");
  }
  if (message.signature_algorithm != signature_algorithm_of(row)) {
    return corrupt("The signature algorithm is not that of the signer's key.");
  }
  return {};
}

// Everything that was not looked at (versions, content, revocation lists, unsigned attributes,
// other kinds of certificates) is as we write it, or the message in DER would not be what we would
// write.
Result<void> check_nothing_else(CMS_ContentInfo* cms, const CmsMessage& message) {
  TRY(const Bytes expected, cms_message({.chain = message.chain,
                                         .digest_algorithm = message.digest_algorithm,
                                         .signature_algorithm = message.signature_algorithm,
                                         .signed_attributes = message.signed_attributes,
                                         .signature = message.signature}));
  if (der_of<i2d_CMS_ContentInfo>(cms) != expected) {
    return corrupt("The signature block has parts that it must not have.");
  }
  return {};
}

}  // namespace

Result<CmsMessage> read_cms(ByteView content_info) {
  TRY(const auto cms, read_content_info(content_info));
  TRY(CMS_SignerInfo* const signer, only_signer(cms.get()));
  TRY(auto chain, chain_of(cms.get(), signer));
  TRY(const auto key, read_public_key(chain.front().public_key));
  if (key.kind == KeyKind::rsa) return corrupt("The signer's key is not one of ECDSA.");
  TRY(auto attributes, attributes_of(signer));
  TRY(auto signed_attributes, attribute_set(attributes));

  X509_ALGOR* digest_algorithm = nullptr;
  X509_ALGOR* signature_algorithm = nullptr;
  CMS_SignerInfo_get0_algs(signer, nullptr, nullptr, &digest_algorithm, &signature_algorithm);
  const ASN1_OCTET_STRING* signature = CMS_SignerInfo_get0_signature(signer);
  CmsMessage message = {
      .chain = std::move(chain),
      .algorithm = row_of(algorithm_of(key.kind)),
      .digest_algorithm = der_of<i2d_X509_ALGOR>(digest_algorithm),
      .signature_algorithm = der_of<i2d_X509_ALGOR>(signature_algorithm),
      .attributes = std::move(attributes),
      .signed_attributes = std::move(signed_attributes),
      .signature = copy_of({ASN1_STRING_get0_data(signature),
                            static_cast<std::size_t>(ASN1_STRING_length(signature))})};
  TRY(check_algorithms(message));
  TRY(check_nothing_else(cms.get(), message));
  return message;
}

}  // namespace hallmark::crypto
