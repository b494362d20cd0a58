#include "crypto/algorithm.h"

#include <algorithm>
#include <array>

#include "base/check.h"
#include "crypto/algorithm_table.h"

namespace hallmark::crypto {
namespace {

constexpr std::array rows = {
    AlgorithmRow{.algorithm = KeyAlgorithm::ecdsa_p256_sha256,
                 .name = "ECDSA_P256_SHA256",
                 .digest = DigestAlgorithm::sha256,
                 .library = SigningLibrary::openssl,
                 .group = "prime256v1",
                 .curve_oid = "1.2.840.10045.3.1.7",
                 .field_bytes = 32,
                 .digest_oid = "2.16.840.1.101.3.4.2.1",
                 .signature_oid = "1.2.840.10045.4.3.2"},
    AlgorithmRow{.algorithm = KeyAlgorithm::ecdsa_p384_sha384,
                 .name = "ECDSA_P384_SHA384",
                 .digest = DigestAlgorithm::sha384,
                 .library = SigningLibrary::nettle,
                 .group = "secp384r1",
                 .curve_oid = "1.3.132.0.34",
                 .field_bytes = 48,
                 .digest_oid = "2.16.840.1.101.3.4.2.2",
                 .signature_oid = "1.2.840.10045.4.3.3"},
};

}  // namespace

std::span<const AlgorithmRow> algorithm_rows() { return rows; }

const AlgorithmRow& row_of(KeyAlgorithm algorithm) {
  const auto row = std::ranges::find(rows, algorithm, &AlgorithmRow::algorithm);
  CHECK(row != rows.end());
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

DigestAlgorithm digest_of(KeyAlgorithm algorithm) { return row_of(algorithm).digest; }

std::string_view name_of(KeyAlgorithm algorithm) { return row_of(algorithm).name; }

}  // namespace hallmark::crypto
