// The one structure of CMS SignedData that we write and accept. Private to crypto/.
#pragma once

#include "crypto/algorithm_table.h"
#include "crypto/cms.h"

namespace hallmark::crypto {

// What differs from one message to the next. Borrows everything.
struct CmsParts {
  const CertificateChain& chain;  // leaf first; the leaf is the signer's
  ByteView digest_algorithm;      // AlgorithmIdentifier, DER
  ByteView signature_algorithm;   // the same
  ByteView signed_attributes;     // SET OF Attribute, DER: what is signed (RFC 5652 §5.4)
  ByteView signature;
};

// The message: ContentInfo, DER. Corrupt if the leaf's serial number is not a positive one.
Result<Bytes> cms_message(const CmsParts& parts);

// The AlgorithmIdentifiers that we write. Those of ECDSA must not have parameters (RFC 5758 §3.2),
// those of SHA-2 should not, but may be NULL in messages of others (RFC 5754 §2).
Bytes digest_algorithm_of(const AlgorithmRow& row);
Bytes digest_algorithm_with_null_of(const AlgorithmRow& row);
Bytes signature_algorithm_of(const AlgorithmRow& row);

// SET OF Attribute, each with one value. Invalid if an object identifier is not one.
Result<Bytes> attribute_set(const std::vector<CmsAttribute>& attributes);

// Whether the attribute is one of those that are always there and that callers do not give.
bool is_standard_attribute(std::string_view oid);

// The values of those, all but the signing time.
Bytes content_type_value();
Bytes algorithm_protection_value(ByteView digest_algorithm, ByteView signature_algorithm);

}  // namespace hallmark::crypto
