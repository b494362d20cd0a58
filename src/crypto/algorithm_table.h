// Everything that differs between the signature algorithms: one row each. Private to crypto/.
#pragma once

#include <span>
#include <string_view>

#include "crypto/algorithm.h"

namespace hallmark::crypto {

enum class SigningLibrary { nettle, openssl };

struct AlgorithmRow {
  KeyAlgorithm algorithm;
  std::string_view name;
  DigestAlgorithm digest;
  SigningLibrary library;          // the faster one, measured with OpenSSL 3.0 and Nettle 3.8
  const char* group;               // OpenSSL's name of the curve
  std::string_view curve_oid;      // RFC 5480 §2.1.1.1
  std::size_t field_bytes;         // of a coordinate, and of a scalar
  std::string_view digest_oid;     // RFC 5754 §2
  std::string_view signature_oid;  // RFC 5758 §3.2
};

std::span<const AlgorithmRow> algorithm_rows();
const AlgorithmRow& row_of(KeyAlgorithm algorithm);

}  // namespace hallmark::crypto
