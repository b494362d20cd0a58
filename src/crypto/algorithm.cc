#include "crypto/algorithm.h"

#include <algorithm>
#include <array>

#include "base/check.h"
#include "crypto/algorithm_table.h"

namespace hallmark::crypto {
namespace {

constexpr std::array keys = {
    KeyRow{.kind = KeyKind::p256,
           .name = "ECDSA_P256_SHA256",
           .library = SigningLibrary::openssl,
           .algorithm = SignatureAlgorithm::ecdsa_sha256,
           .group = "prime256v1",
           .curve_oid = "1.2.840.10045.3.1.7",
           .field_bytes = 32},
    KeyRow{.kind = KeyKind::p384,
           .name = "ECDSA_P384_SHA384",
           .library = SigningLibrary::nettle,
           .algorithm = SignatureAlgorithm::ecdsa_sha384,
           .group = "secp384r1",
           .curve_oid = "1.3.132.0.34",
           .field_bytes = 48},
    KeyRow{.kind = KeyKind::rsa,
           .name = "RSA",
           .library = SigningLibrary::openssl,
           .algorithm = SignatureAlgorithm::rsa_sha256},
};

constexpr std::array algorithms = {
    AlgorithmRow{.algorithm = SignatureAlgorithm::ecdsa_sha256,
                 .name = "SHA256withECDSA",
                 .encryption = "ECDSA",
                 .hash = "SHA256",
                 .key = KeyKind::p256,
                 .digest = DigestAlgorithm::sha256,
                 .digest_oid = "2.16.840.1.101.3.4.2.1",
                 .signature_oid = "1.2.840.10045.4.3.2"},
    AlgorithmRow{.algorithm = SignatureAlgorithm::ecdsa_sha384,
                 .name = "SHA384withECDSA",
                 .encryption = "ECDSA",
                 .hash = "SHA384",
                 .key = KeyKind::p384,
                 .digest = DigestAlgorithm::sha384,
                 .digest_oid = "2.16.840.1.101.3.4.2.2",
                 .signature_oid = "1.2.840.10045.4.3.3"},
    AlgorithmRow{.algorithm = SignatureAlgorithm::rsa_sha256,
                 .name = "SHA256withRSA",
                 .encryption = "RSA",
                 .hash = "SHA256",
                 .key = KeyKind::rsa,
                 .digest = DigestAlgorithm::sha256},
    AlgorithmRow{.algorithm = SignatureAlgorithm::rsa_sha1,
                 .name = "SHA1withRSA",
                 .encryption = "RSA",
                 .hash = "SHA1",
                 .key = KeyKind::rsa,
                 .digest = DigestAlgorithm::sha1},
};

std::optional<SignatureAlgorithm> algorithm_at(const AlgorithmRow* row) {
  if (row == algorithms.end()) return std::nullopt;
  return row->algorithm;
}

}  // namespace

std::span<const KeyRow> key_rows() { return keys; }

const KeyRow& row_of(KeyKind kind) {
  const auto row = std::ranges::find(keys, kind, &KeyRow::kind);
  CHECK(row != keys.end());
  return *row;
}

const AlgorithmRow& row_of(SignatureAlgorithm algorithm) {
  const auto row = std::ranges::find(algorithms, algorithm, &AlgorithmRow::algorithm);
  CHECK(row != algorithms.end());
  return *row;
}

std::size_t digest_size(DigestAlgorithm algorithm) {
  switch (algorithm) {
    case DigestAlgorithm::sha1: return 20;
    case DigestAlgorithm::sha256: return 32;
    case DigestAlgorithm::sha384: return 48;
    case DigestAlgorithm::sha512: return 64;
  }
  CHECK(false);
}

std::string_view name_of(KeyKind kind) { return row_of(kind).name; }
std::string_view name_of(SignatureAlgorithm algorithm) { return row_of(algorithm).name; }
DigestAlgorithm digest_of(SignatureAlgorithm algorithm) { return row_of(algorithm).digest; }
KeyKind key_kind_of(SignatureAlgorithm algorithm) { return row_of(algorithm).key; }
SignatureAlgorithm algorithm_of(KeyKind kind) { return row_of(kind).algorithm; }

std::optional<SignatureAlgorithm> find_signature_algorithm(std::string_view encryption,
                                                           std::string_view hash) {
  return algorithm_at(std::ranges::find_if(algorithms, [&](const AlgorithmRow& row) {
    return row.encryption == encryption && row.hash == hash;
  }));
}

std::optional<SignatureAlgorithm> find_signature_algorithm(std::string_view name) {
  return algorithm_at(std::ranges::find(algorithms, name, &AlgorithmRow::name));
}

}  // namespace hallmark::crypto
