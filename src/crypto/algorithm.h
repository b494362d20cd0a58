// The signature algorithms, in one table: which library signs, which digest, what they are called.
#pragma once

#include <string_view>

namespace hallmark::crypto {

enum class DigestAlgorithm { sha1, sha256, sha384, sha512 };

// A key's kind fixes its signature algorithm and digest: a request can never choose another.
enum class KeyAlgorithm { ecdsa_p256_sha256, ecdsa_p384_sha384 };

std::size_t digest_size(DigestAlgorithm algorithm);
DigestAlgorithm digest_of(KeyAlgorithm algorithm);
std::string_view name_of(KeyAlgorithm algorithm);  // "ECDSA_P384_SHA384": stable, it is stored

}  // namespace hallmark::crypto
