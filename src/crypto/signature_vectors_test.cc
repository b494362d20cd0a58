// Signatures of NIST to be verified.
#include <gtest/gtest.h>

#include <sstream>

#include "base/encoding.h"
#include "base/file.h"
#include "crypto/algorithm_table.h"
#include "crypto/der.h"
#include "crypto/digest.h"
#include "crypto/ecdsa_values.h"
#include "crypto/oids.h"
#include "crypto/public_key.h"
#include "crypto/signer.h"

namespace hallmark::crypto {
namespace {

Bytes digest_with(SignatureAlgorithm algorithm, ByteView message) {
  Hasher hasher(digest_of(algorithm));
  hasher.update(message);
  return hasher.finish();
}

Bytes rsa_key_info(ByteView modulus, ByteView exponent) {
  const Bytes algorithm = der::sequence({der::known_identifier(oids::rsa_encryption), der::null()});
  const Bytes key = der::sequence({der::integer(modulus), der::integer(exponent)});
  return der::sequence({algorithm, der::bit_string(key)});
}

TEST(SignatureVectors, OfNistAreAcceptedOrRefusedAsTheyShould) {
  std::istringstream file(*read_file(std::string(HALLMARK_VECTORS) + "/nist/sigver.txt", 1 << 20));
  int good = 0;
  int bad = 0;
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with('#')) continue;
    std::istringstream columns(line);
    std::string encryption, hash, first, second, message, signature, answer;
    columns >> encryption >> hash >> first >> second >> message >> signature >> answer;
    const auto algorithm = find_signature_algorithm(encryption, hash);
    ASSERT_TRUE(algorithm) << line;
    const KeyKind kind = key_kind_of(*algorithm);
    const Bytes a = *from_hex(first);
    const Bytes b = *from_hex(second);
    const Bytes raw = *from_hex(signature);
    const bool is_rsa = kind == KeyKind::rsa;
    const auto judged = verify_digest(
        *algorithm, is_rsa ? rsa_key_info(a, b) : public_key_info(kind, a, b),
        digest_with(*algorithm, *from_hex(message)), is_rsa ? raw : *ecdsa_der_from_raw(kind, raw));
    // A key that was changed may be no key any more.
    EXPECT_EQ(judged && *judged, answer == "P") << line;
    ++(answer == "P" ? good : bad);
  }
  EXPECT_GE(good, 10);
  EXPECT_GE(bad, 40);
}

}  // namespace
}  // namespace hallmark::crypto
