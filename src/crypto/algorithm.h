// Kinds of keys, and the algorithms they sign with, in one table: which library signs, which
// digest, what they are called.
//
// SHA-1 is there for one purpose, the boot loader of TI's CC3220SF. Who signs comes to it in one
// way: find_signature_algorithm with the names of that platform's row in model/platform.cc, the
// only row that has "SHA1" (formats/platform_algorithm.h). No source but the table names it, which
// a test holds; algorithm_of, which certificates, messages and envelopes sign with, never answers
// it. Who verifies finds it by its own name in a document, and believes it only when told that the
// platform is that one (formats::VerifyRequest). Chains with it are refused (x509.h).
#pragma once

#include <optional>
#include <string_view>

namespace hallmark::crypto {

enum class DigestAlgorithm { sha1, sha256, sha384, sha512 };

enum class KeyKind { p256, p384, rsa };

// ECDSA, and RSA with the padding of PKCS#1 v1.5 (RSASSA-PKCS1-v1_5, RFC 8017 §8.2).
enum class SignatureAlgorithm { ecdsa_sha256, ecdsa_sha384, rsa_sha256, rsa_sha1 };

std::size_t digest_size(DigestAlgorithm algorithm);

std::string_view name_of(KeyKind kind);  // "ECDSA_P384_SHA384": stable, it is stored
std::string_view name_of(SignatureAlgorithm algorithm);  // "SHA256withECDSA", in signed documents

// An algorithm fixes its digest and the one kind of key that signs with it: P-256 with SHA-256 and
// P-384 with SHA-384, so that neither is weaker than the other.
DigestAlgorithm digest_of(SignatureAlgorithm algorithm);
KeyKind key_kind_of(SignatureAlgorithm algorithm);

// What a key signs certificates, messages and envelopes with.
SignatureAlgorithm algorithm_of(KeyKind kind);

// By the API's names of the parts ("ECDSA" and "SHA256"), and by its own name.
std::optional<SignatureAlgorithm> find_signature_algorithm(std::string_view encryption,
                                                           std::string_view hash);
std::optional<SignatureAlgorithm> find_signature_algorithm(std::string_view name);

}  // namespace hallmark::crypto
