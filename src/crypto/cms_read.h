// Takes a CMS message apart with OpenSSL. Private to crypto/.
#pragma once

#include "crypto/algorithm_table.h"
#include "crypto/cms.h"

namespace hallmark::crypto {

// A message of the one structure that cms_structure.h writes. Nothing of it is verified yet.
struct CmsMessage {
  CertificateChain chain;  // leaf first, ordered by issuer
  AlgorithmRow algorithm;  // of the leaf's key
  Bytes digest_algorithm;  // AlgorithmIdentifier as written
  Bytes signature_algorithm;
  std::vector<CmsAttribute> attributes;  // all signed ones, in the message's order
  Bytes signed_attributes;               // SET OF Attribute, DER: what is signed
  Bytes signature;
};

// Corrupt with the reason if it is anything else, in BER or DER.
Result<CmsMessage> read_cms(ByteView content_info);

}  // namespace hallmark::crypto
