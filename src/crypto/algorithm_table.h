// Everything that differs between the kinds of keys and between the signature algorithms: one row
// each. Private to crypto/.
#pragma once

#include <span>
#include <string_view>

#include "crypto/algorithm.h"

namespace hallmark::crypto {

enum class SigningLibrary { nettle, openssl };

struct KeyRow {
  KeyKind kind;
  std::string_view name;         // kept in stores since keys had one algorithm each
  SigningLibrary library;        // the faster one, measured with OpenSSL 3.0 and Nettle 3.8
  SignatureAlgorithm algorithm;  // of certificates, messages and envelopes
  // Of curves only:
  const char* group = "";           // OpenSSL's name
  std::string_view curve_oid = {};  // RFC 5480 §2.1.1.1
  std::size_t field_bytes = 0;      // of a coordinate, and of a scalar
};

struct AlgorithmRow {
  SignatureAlgorithm algorithm;
  std::string_view name;        // as Java calls it, and signed documents after Java
  std::string_view encryption;  // the API's name, and that of the next
  std::string_view hash;
  KeyKind key;
  DigestAlgorithm digest;
  // What messages and certificates state; empty for those that sign none.
  std::string_view digest_oid = {};     // RFC 5754 §2
  std::string_view signature_oid = {};  // RFC 5758 §3.2
};

std::span<const KeyRow> key_rows();
const KeyRow& row_of(KeyKind kind);
const AlgorithmRow& row_of(SignatureAlgorithm algorithm);

constexpr bool is_curve(const KeyRow& row) { return row.field_bytes > 0; }

}  // namespace hallmark::crypto
