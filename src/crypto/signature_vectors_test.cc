// Signatures made by others to be verified: NIST's, and Wycheproof's where it is at hand.
#include <gtest/gtest.h>

#include <cstdlib>
#include <sstream>

#include "base/encoding.h"
#include "base/file.h"
#include "base/json.h"
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

struct WycheproofFile {
  const char* name;
  SignatureAlgorithm algorithm;
};
constexpr WycheproofFile wycheproof_files[] = {
    {"ecdsa_secp256r1_sha256_test.json", SignatureAlgorithm::ecdsa_sha256},
    {"ecdsa_secp384r1_sha384_test.json", SignatureAlgorithm::ecdsa_sha384},
    {"rsa_signature_2048_sha256_test.json", SignatureAlgorithm::rsa_sha256},
    {"rsa_signature_3072_sha256_test.json", SignatureAlgorithm::rsa_sha256},
    {"rsa_signature_4096_sha256_test.json", SignatureAlgorithm::rsa_sha256},
};

// The folder testvectors_v1 of https://github.com/C2SP/wycheproof is named by the environment. Of
// what it calls acceptable (other encodings), we accept nothing.
class WycheproofTest : public testing::TestWithParam<WycheproofFile> {};

INSTANTIATE_TEST_SUITE_P(Files, WycheproofTest, testing::ValuesIn(wycheproof_files));

Bytes hex_member(const JsonObject& object, std::string_view name) {
  return *from_hex(*object.get_text(name));
}

TEST_P(WycheproofTest, NothingInvalidIsAcceptedAndNothingValidRefused) {
  const char* folder = std::getenv("HALLMARK_WYCHEPROOF");
  if (folder == nullptr) {
    GTEST_SKIP() << "NOT TESTED: HALLMARK_WYCHEPROOF does not name the folder of the vectors";
  }
  const auto text = read_file(std::string(folder) + "/" + GetParam().name, 16 << 20);
  ASSERT_TRUE(text) << GetParam().name;
  const auto document = *JsonDocument::parse(*text);
  const auto root = *document.root().object();
  int judged = 0;
  const std::vector<JsonValue> groups = *root.get("testGroups")->array();
  for (const JsonValue& group_value : groups) {
    const JsonObject group = *group_value.object();
    const auto stated = group.find_text("publicKeyDer");
    const Bytes key = hex_member(group, stated && *stated ? "publicKeyDer" : "publicKeyAsn");
    if (!read_public_key(key)) {  // of a small exponent
      EXPECT_EQ(GetParam().algorithm, SignatureAlgorithm::rsa_sha256);
      continue;
    }
    const std::vector<JsonValue> tests = *group.get("tests")->array();
    for (const JsonValue& test_value : tests) {
      const JsonObject test = *test_value.object();
      const Bytes digest = digest_with(GetParam().algorithm, hex_member(test, "msg"));
      const auto answer = verify_digest(GetParam().algorithm, key, digest, hex_member(test, "sig"));
      ASSERT_TRUE(answer) << describe(answer.error());
      EXPECT_EQ(*answer, *test.get_text("result") == "valid") << *test.get_text("comment");
      ++judged;
    }
  }
  EXPECT_GT(judged, 100);
}

}  // namespace
}  // namespace hallmark::crypto
