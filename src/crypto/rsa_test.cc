// Signatures with RSA keys of users' own.
#include <gtest/gtest.h>

#include "crypto/digest.h"
#include "crypto/public_key.h"
#include "crypto/test_keys.h"

namespace hallmark::crypto {
namespace {

constexpr auto rsa_sha256 = SignatureAlgorithm::rsa_sha256;
constexpr auto rsa_sha1 = SignatureAlgorithm::rsa_sha1;

class RsaTest : public testing::TestWithParam<int> {
 protected:
  const FixedKey key_{fmt::format("rsa-{}", GetParam())};
  const Signer& signer_ = *key_.signer;
  Bytes digest_ = Bytes(32, 0x5a);
};

INSTANTIATE_TEST_SUITE_P(Bits, RsaTest, testing::Values(2048, 3072, 4096));

TEST_P(RsaTest, SignsAndVerifies) {
  const auto signature = signer_.sign_digest(rsa_sha256, digest_);
  ASSERT_TRUE(signature) << describe(signature.error());
  EXPECT_EQ(signature->size(), std::size_t(GetParam()) / 8);
  EXPECT_TRUE(*verify_digest(rsa_sha256, signer_.public_key(), digest_, *signature));
  digest_[0] ^= 1;
  EXPECT_FALSE(*verify_digest(rsa_sha256, signer_.public_key(), digest_, *signature));
}

TEST_P(RsaTest, OpensslVerifiesItsSignatures) {
  const TemporaryFolder folder;
  const std::string file = folder.write("content", "firmware");
  for (const auto algorithm : {rsa_sha256, rsa_sha1}) {
    Hasher hasher(digest_of(algorithm));
    hasher.update(bytes_of("firmware"));
    const Bytes signature = *signer_.sign_digest(algorithm, hasher.finish());
    const std::string name = folder.write("signature", text_of(signature));
    const auto judged = run(fmt::format("openssl dgst -{} -prverify '{}' -signature '{}' '{}'",
                                        algorithm == rsa_sha1 ? "sha1" : "sha256",
                                        key_file(fmt::format("rsa-{}", GetParam())), name, file));
    EXPECT_EQ(judged.status, 0) << judged.output;
  }
}

TEST_P(RsaTest, EveryChangedByteOfASignatureIsNoticed) {
  Bytes signature = *signer_.sign_digest(rsa_sha256, digest_);
  for (std::size_t i = 0; i < signature.size(); i += 3) {
    signature[i] ^= 0x80;
    const auto answer = verify_digest(rsa_sha256, signer_.public_key(), digest_, signature);
    ASSERT_TRUE(answer) << describe(answer.error());
    EXPECT_FALSE(*answer);
    signature[i] ^= 0x80;
  }
}

TEST_P(RsaTest, ASignatureOfAnotherLengthIsWrong) {
  Bytes signature = *signer_.sign_digest(rsa_sha256, digest_);
  const auto verify = [&](ByteView bytes) {
    return *verify_digest(rsa_sha256, signer_.public_key(), digest_, bytes);
  };
  EXPECT_FALSE(verify(ByteView(signature).first(signature.size() - 1)));
  signature.insert(signature.begin(), 0);
  EXPECT_FALSE(verify(signature));
  EXPECT_FALSE(verify({}));
  EXPECT_FALSE(verify(Bytes(std::size_t(GetParam()) / 8, 0)));
  EXPECT_FALSE(verify(Bytes(std::size_t(GetParam()) / 8, 0xff)));  // beyond the modulus
}

TEST_P(RsaTest, AlgorithmsAreNotInterchangeable) {
  const Bytes sha1(20, 0x5a);
  const Bytes signature = *signer_.sign_digest(rsa_sha1, sha1);
  EXPECT_TRUE(*verify_digest(rsa_sha1, signer_.public_key(), sha1, signature));
  EXPECT_FALSE(*verify_digest(rsa_sha256, signer_.public_key(), digest_, signature));
  EXPECT_FALSE(signer_.sign_digest(rsa_sha256, sha1));
  EXPECT_FALSE(signer_.sign_digest(rsa_sha1, digest_));
  EXPECT_FALSE(signer_.sign_digest(SignatureAlgorithm::ecdsa_sha256, digest_));
  EXPECT_FALSE(
      verify_digest(SignatureAlgorithm::ecdsa_sha256, signer_.public_key(), digest_, signature));
}

TEST_P(RsaTest, APublicKeyInAnyOtherFormIsAnError) {
  const Bytes key = copy_of(signer_.public_key());
  ASSERT_TRUE(read_public_key(key));
  Bytes longer = key;
  longer.push_back(0);
  EXPECT_FALSE(read_public_key(longer));
  EXPECT_FALSE(read_public_key(ByteView(key).first(key.size() - 1)));
  for (std::size_t i = 0; i < 33; ++i) {  // all before the modulus, and its first bit
    Bytes changed = key;
    changed[i] ^= 0x80;
    EXPECT_FALSE(read_public_key(changed)) << i;
  }
  for (const std::size_t i : {key.size() - 1, key.size() - 6}) {  // even numbers
    Bytes changed = key;
    changed[i] ^= 1;
    EXPECT_FALSE(read_public_key(changed)) << i;
  }
}

TEST_P(RsaTest, TheCertificateOfTheKeyIsReadAndTrusted) {
  const Certificate certificate = self_signed(fmt::format("rsa-{}", GetParam()));
  EXPECT_TRUE(equal(certificate.public_key, signer_.public_key()));
  const auto trusted =
      verify_chain({certificate}, {certificate}, certificate.not_before + std::chrono::hours(1));
  EXPECT_TRUE(trusted) << describe(trusted.error());
}

TEST(Rsa, IssuesNoCertificates) {
  TestAuthority authority;
  const FixedKey key("rsa-2048");
  CertificateRequest request = authority.request(CertificateShape::root);
  request.public_key = key.signer->public_key();
  const auto refused = issue(request, std::nullopt, *key.signer, authority.random);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::internal);
}

TEST(Rsa, IsIssuedCertificates) {
  TestAuthority authority;
  const FixedKey key("rsa-2048");
  CertificateRequest request = authority.request(CertificateShape::code_signing_leaf);
  request.public_key = key.signer->public_key();
  const auto leaf = issue(request, authority.intermediate.certificate,
                          *authority.intermediate.signer, authority.random);
  ASSERT_TRUE(leaf) << describe(leaf.error());
  EXPECT_TRUE(verify_chain({*leaf, authority.intermediate.certificate},
                           {authority.root.certificate}, authority.now));
}

TEST(Rsa, AStoredKeyUnderAnotherKindIsRefused) {
  FixedKey key("rsa-2048");
  EXPECT_FALSE(software_signer({KeyKind::p256, key.key.pkcs8.copy()}, key.random));
}

}  // namespace
}  // namespace hallmark::crypto
