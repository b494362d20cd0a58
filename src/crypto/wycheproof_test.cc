// The signatures of Wycheproof (tests/vectors/wycheproof): nothing that it calls invalid or merely
// acceptable is accepted, and nothing valid is refused but what this product does not know.
#include <gtest/gtest.h>

#include <algorithm>

#include "base/encoding.h"
#include "base/file.h"
#include "base/json.h"
#include "crypto/digest.h"
#include "crypto/jwk.h"
#include "crypto/public_key.h"
#include "crypto/signer.h"

namespace hallmark::crypto {
namespace {

JsonDocument vectors(const std::string& name) {
  const auto text = read_file(std::string(HALLMARK_VECTORS) + "/wycheproof/" + name, 16 << 20);
  EXPECT_TRUE(text) << name;
  return *JsonDocument::parse(*text);
}

std::vector<JsonObject> objects(const JsonObject& parent, std::string_view name) {
  std::vector<JsonObject> all;
  const std::vector<JsonValue> values = *parent.get(name)->array();
  for (const JsonValue& value : values) all.push_back(*value.object());
  return all;
}

Bytes hex_member(const JsonObject& object, std::string_view name) {
  return *from_hex(*object.get_text(name));
}

bool is_valid(const JsonObject& test) { return *test.get_text("result") == "valid"; }

struct File {
  const char* name;
  SignatureAlgorithm algorithm;
};
constexpr File files[] = {
    {"ecdsa_secp256r1_sha256_test.json", SignatureAlgorithm::ecdsa_sha256},
    {"ecdsa_secp384r1_sha384_test.json", SignatureAlgorithm::ecdsa_sha384},
    {"rsa_signature_2048_sha256_test.json", SignatureAlgorithm::rsa_sha256},
    {"rsa_signature_3072_sha256_test.json", SignatureAlgorithm::rsa_sha256},
    {"rsa_signature_4096_sha256_test.json", SignatureAlgorithm::rsa_sha256},
};

class WycheproofTest : public testing::TestWithParam<File> {
 protected:
  static Result<bool> judge(ByteView key, const JsonObject& test) {
    Hasher hasher(digest_of(GetParam().algorithm));
    hasher.update(hex_member(test, "msg"));
    return verify_digest(GetParam().algorithm, key, hasher.finish(), hex_member(test, "sig"));
  }
};

INSTANTIATE_TEST_SUITE_P(Files, WycheproofTest, testing::ValuesIn(files));

TEST_P(WycheproofTest, NothingInvalidIsAcceptedAndNothingValidRefused) {
  const JsonDocument document = vectors(GetParam().name);
  int judged = 0;
  for (const JsonObject& group : objects(*document.root().object(), "testGroups")) {
    const auto stated = group.find_text("publicKeyDer");
    const Bytes key = hex_member(group, stated && *stated ? "publicKeyDer" : "publicKeyAsn");
    if (!read_public_key(key)) {  // of a small exponent
      EXPECT_EQ(GetParam().algorithm, SignatureAlgorithm::rsa_sha256);
      continue;
    }
    for (const JsonObject& test : objects(group, "tests")) {
      const auto answer = judge(key, test);
      ASSERT_TRUE(answer) << describe(answer.error());
      EXPECT_EQ(*answer, is_valid(test)) << *test.get_text("comment");
      ++judged;
    }
  }
  EXPECT_GT(judged, 100);
}

// One of them is of PKCS#1 v1.5 in truth.
TEST(Wycheproof, NoSignatureOfPssIsAccepted) {
  const JsonDocument document = vectors("rsa_pss_2048_sha256_mgf1_32_test.json");
  int judged = 0;
  for (const JsonObject& group : objects(*document.root().object(), "testGroups")) {
    const Bytes key = hex_member(group, "publicKeyDer");
    ASSERT_TRUE(read_public_key(key));
    for (const JsonObject& test : objects(group, "tests")) {
      const auto answer = verify_digest(SignatureAlgorithm::rsa_sha256, key,
                                        sha256(hex_member(test, "msg")), hex_member(test, "sig"));
      ASSERT_TRUE(answer) << describe(answer.error());
      const std::string_view about = *test.get_text("comment");
      EXPECT_EQ(*answer, about == "PKCS #1 v1.5 signature with SHA-256") << about;
      ++judged;
    }
  }
  EXPECT_GT(judged, 50);
}

// A compact token (RFC 7515 §7.1), read as web identities are: three parts, canonical base64url,
// an algorithm that we know. Nothing: refused before any key is asked.
struct Token {
  JwsAlgorithm algorithm;
  std::string key_id;
  std::string signing_input;
  Bytes signature;
};

std::optional<Token> read_token(std::string_view text) {
  const std::size_t first = text.find('.');
  const std::size_t last = text.rfind('.');
  if (first == text.npos || std::ranges::count(text, '.') != 2) return std::nullopt;
  const auto header = from_base64url(text.substr(0, first));
  const auto payload = from_base64url(text.substr(first + 1, last - first - 1));
  const auto signature = from_base64url(text.substr(last + 1));
  if (!header || !payload || !signature) return std::nullopt;
  const auto document = JsonDocument::parse(text_of(*header));
  if (!document || !document->root().is_object()) return std::nullopt;
  const JsonObject members = *document->root().object();
  const auto name = members.get_text("alg");
  const auto algorithm = name ? find_jws_algorithm(*name) : std::nullopt;
  if (!algorithm) return std::nullopt;
  const auto id = members.find_text("kid");
  return Token{*algorithm, std::string(id && *id ? **id : ""), std::string(text.substr(0, last)),
               *signature};
}

// Whether one of the keys made the signature.
bool is_accepted(const std::vector<JsonObject>& keys, const Token& token) {
  return std::ranges::any_of(keys, [&](const JsonObject& members) {
    const auto key = JsonWebKey::parse(members);
    if (!key || !key->fits(token.algorithm)) return false;
    if (!key->id().empty() && !token.key_id.empty() && key->id() != token.key_id) return false;
    const auto answer =
        key->verify(token.algorithm, bytes_of(token.signing_input), token.signature);
    return answer && *answer;
  });
}

// The public key or keys of a group; none for those of MACs, which we do not know.
std::vector<JsonObject> keys_of(const JsonObject& group) {
  if (!group.find("public")) return {};
  const JsonObject single = *group.get_object("public");
  return single.find("keys") ? objects(single, "keys") : std::vector<JsonObject>{single};
}

// The number of valid tokens that were accepted.
int judge_tokens(const std::string& name) {
  const JsonDocument document = vectors(name);
  int accepted = 0;
  for (const JsonObject& group : objects(*document.root().object(), "testGroups")) {
    const std::vector<JsonObject> keys = keys_of(group);
    const bool is_usable = std::ranges::any_of(
        keys, [](const JsonObject& members) { return JsonWebKey::parse(members).has_value(); });
    const std::string_view about = *group.get_text("comment");
    for (const JsonObject& test : objects(group, "tests")) {
      const auto token = read_token(*test.get_text("jws"));
      const bool is_good = token && is_accepted(keys, *token);
      EXPECT_EQ(is_good, is_valid(test) && is_usable && token)
          << about << ": " << *test.get_text("comment");
      accepted += is_good ? 1 : 0;
    }
  }
  return accepted;
}

TEST(Wycheproof, NoInvalidTokenIsAccepted) {
  EXPECT_GE(judge_tokens("json_web_signature_test.json"), 15);
}

TEST(Wycheproof, NoTokenOfABadKeyIsAccepted) {
  EXPECT_GE(judge_tokens("json_web_key_test.json"), 1);
}

}  // namespace
}  // namespace hallmark::crypto
