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
                 .field_bytes = 32,
                 .digest_oid = "2.16.840.1.101.3.4.2.1",
                 .signature_oid = "1.2.840.10045.4.3.2"},
    AlgorithmRow{.algorithm = KeyAlgorithm::ecdsa_p384_sha384,
                 .name = "ECDSA_P384_SHA384",
                 .digest = DigestAlgorithm::sha384,
                 .library = SigningLibrary::nettle,
                 .group = "secp384r1",
                 .field_bytes = 48,
                 .digest_oid = "2.16.840.1.101.3.4.2.2",
                 .signature_oid = "1.2.840.10045.4.3.3"},
};

}  // namespace

const AlgorithmRow& row_of(KeyAlgorithm algorithm) {
  const auto row = std::ranges::find(rows, algorithm, &AlgorithmRow::algorithm);
  CHECK(row != rows.end());
  return *row;
}

std::optional<KeyAlgorithm> algorithm_of_group(std::string_view group) {
  const auto same_group = [&](const AlgorithmRow& row) { return group == row.group; };
  const auto row = std::ranges::find_if(rows, same_group);
  if (row == rows.end()) return std::nullopt;
  return row->algorithm;
}

std::size_t digest_size(DigestAlgorithm algorithm) {
  switch (algorithm) {
    case DigestAlgorithm::sha1: return 20;
    case DigestAlgorithm::sha256: return 32;
    case DigestAlgorithm::sha384: return 48;
    case DigestAlgorithm::sha512: return 64;
  }
  CHECK(!"a digest algorithm");
}

DigestAlgorithm digest_of(KeyAlgorithm algorithm) { return row_of(algorithm).digest; }

std::string_view name_of(KeyAlgorithm algorithm) { return row_of(algorithm).name; }

}  // namespace hallmark::crypto
