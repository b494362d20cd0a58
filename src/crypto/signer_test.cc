#include "crypto/signer.h"

#include <set>

#include <gtest/gtest.h>

#include "base/encoding.h"
#include "crypto/digest.h"
#include "crypto/public_key.h"
#include "crypto/random.h"

namespace hallmark::crypto {
namespace {

constexpr auto p256 = KeyKind::p256;
constexpr auto p384 = KeyKind::p384;
constexpr auto ecdsa_sha256 = SignatureAlgorithm::ecdsa_sha256;
constexpr auto ecdsa_sha384 = SignatureAlgorithm::ecdsa_sha384;

// What OpenSSL says, whoever verify_digest asks.
bool openssl_verifies(ByteView public_key, ByteView digest, ByteView signature) {
  const auto key = load_public_key(*read_public_key(public_key));
  const KeyContext context(EVP_PKEY_CTX_new_from_pkey(nullptr, key->get(), nullptr));
  return EVP_PKEY_verify_init(context.get()) == 1 &&
         EVP_PKEY_verify(context.get(), signature.data(), signature.size(), digest.data(),
                         digest.size()) == 1;
}

class SignerTest : public testing::TestWithParam<KeyKind> {
 protected:
  const SignatureAlgorithm algorithm_ = algorithm_of(GetParam());
  SystemRandom random_;
  PrivateKey key_ = *generate_private_key(GetParam(), random_);
  std::unique_ptr<Signer> signer_ = *software_signer(key_, random_);
  Bytes digest_ = Bytes(digest_size(digest_of(algorithm_)), 0x5a);

  Result<bool> verify(ByteView signature) {
    return verify_digest(algorithm_, signer_->public_key(), digest_, signature);
  }
};

INSTANTIATE_TEST_SUITE_P(Algorithms, SignerTest, testing::Values(p256, p384),
                         [](const auto& row) { return std::string(name_of(row.param)); });

TEST_P(SignerTest, OpensslVerifiesItsSignatures) {
  const auto signature = signer_->sign_digest(algorithm_, digest_);
  ASSERT_TRUE(signature);
  EXPECT_TRUE(openssl_verifies(signer_->public_key(), digest_, *signature));
  EXPECT_TRUE(*verify(*signature));
}

TEST_P(SignerTest, NamesItsKind) { EXPECT_EQ(signer_->kind(), GetParam()); }

TEST_P(SignerTest, AnotherDigestDoesNotVerify) {
  const auto signature = *signer_->sign_digest(algorithm_, digest_);
  digest_[0] ^= 1;
  EXPECT_FALSE(*verify(signature));
}

TEST_P(SignerTest, AnotherKeyDoesNotVerify) {
  const auto other_key = *generate_private_key(GetParam(), random_);
  const auto other = *software_signer(other_key, random_);
  EXPECT_FALSE(*verify(*other->sign_digest(algorithm_, digest_)));
}

TEST_P(SignerTest, EveryChangedByteOfASignatureIsNoticed) {
  Bytes signature = *signer_->sign_digest(algorithm_, digest_);
  for (auto& byte : signature) {
    byte ^= 1;
    const auto answer = verify(signature);
    ASSERT_TRUE(answer);
    EXPECT_FALSE(*answer);
    byte ^= 1;
  }
}

TEST_P(SignerTest, ASignatureWithMoreOrLessBytesIsWrong) {
  Bytes signature = *signer_->sign_digest(algorithm_, digest_);
  signature.push_back(0);
  EXPECT_FALSE(*verify(signature));
  EXPECT_FALSE(*verify(ByteView(signature).first(signature.size() - 2)));
  EXPECT_FALSE(*verify({}));
}

TEST_P(SignerTest, ADigestOfAnotherSizeIsRefused) {
  digest_.push_back(0);
  EXPECT_FALSE(signer_->sign_digest(algorithm_, digest_));
  EXPECT_FALSE(signer_->sign_digest(algorithm_, {}));
  EXPECT_FALSE(verify(Bytes{}));
}

TEST_P(SignerTest, ABrokenPublicKeyIsAnErrorAndNotANo) {
  Bytes key = copy_of(signer_->public_key());
  const auto signature = *signer_->sign_digest(algorithm_, digest_);
  for (auto& byte : key) {  // the last ones put the point off the curve
    byte ^= 1;
    EXPECT_FALSE(verify_digest(algorithm_, key, digest_, signature));
    byte ^= 1;
  }
  key.push_back(0);
  EXPECT_FALSE(verify_digest(algorithm_, key, digest_, signature));
  EXPECT_FALSE(verify_digest(algorithm_, {}, digest_, signature));
}

TEST_P(SignerTest, ThePrivateKeySurvivesBeingStored) {
  const PrivateKey stored = {GetParam(), Secret(key_.pkcs8.reveal())};
  const auto again = software_signer(stored, random_);
  ASSERT_TRUE(again);
  EXPECT_EQ(to_hex((*again)->public_key()), to_hex(signer_->public_key()));
}

TEST_P(SignerTest, AKeyUnderTheWrongKindIsRefused) {
  const PrivateKey mislabelled = {GetParam() == p256 ? p384 : p256, key_.pkcs8.copy()};
  EXPECT_FALSE(software_signer(mislabelled, random_));
}

TEST_P(SignerTest, AChangedScalarOrPointIsRefused) {
  constexpr std::size_t numbers_begin = 36;  // versions and names of algorithms lie before
  for (std::size_t i = numbers_begin; i < key_.pkcs8.size(); i += 3) {
    PrivateKey changed = {GetParam(), key_.pkcs8.copy()};
    changed.pkcs8.fill()[i] ^= 0x40;
    EXPECT_FALSE(software_signer(changed, random_)) << i;
  }
}

TEST_P(SignerTest, APrivateKeyWithSomethingBehindItIsRefused) {
  Bytes longer = copy_of(key_.pkcs8.reveal());
  longer.push_back(0);
  EXPECT_FALSE(software_signer({GetParam(), Secret(ByteView(longer))}, random_));
  EXPECT_FALSE(software_signer({GetParam(), Secret()}, random_));
}

// The r of a DER ECDSA-Sig-Value of less than 128 bytes.
Bytes r_of(ByteView signature) { return copy_of(signature.subspan(4, signature[3])); }

TEST_P(SignerTest, AThousandSignaturesHaveAThousandNonces) {
  std::set<Bytes> seen;
  for (int i = 0; i < 1000; ++i) {
    const auto signature = signer_->sign_digest(algorithm_, digest_);
    ASSERT_TRUE(signature);
    seen.insert(r_of(*signature));
  }
  EXPECT_EQ(seen.size(), 1000u);
}

TEST(Signer, AThousandSignaturesOfNettleVerifyWithOpenssl) {
  SystemRandom random;
  const auto key = *generate_private_key(p384, random);
  const auto signer = *software_signer(key, random);
  for (int i = 0; i < 1000; ++i) {
    const Sha384 digest = sha384(bytes_of(std::to_string(i)));
    const auto signature = *signer->sign_digest(ecdsa_sha384, digest);
    ASSERT_TRUE(openssl_verifies(signer->public_key(), digest, signature)) << i;
  }
}

// Counts what it hands out; the bytes themselves are the machine's.
class CountingRandom final : public Random {
 public:
  void fill(MutableByteView bytes) override {
    count_ += bytes.size();
    source_.fill(bytes);
  }
  std::size_t count() const { return count_; }

 private:
  SystemRandom source_;
  std::size_t count_ = 0;
};

TEST(Signer, NoncesComeFromTheRandomThatWasGiven) {
  CountingRandom random;
  const auto key = *generate_private_key(p384, random);
  EXPECT_GE(random.count(), 48u);
  const auto signer = *software_signer(key, random);
  const std::size_t before = random.count();
  ASSERT_TRUE(signer->sign_digest(ecdsa_sha384, sha384({})));
  EXPECT_GE(random.count(), before + 48);
}

struct KnownSignature {
  SignatureAlgorithm algorithm;
  std::string_view public_key;  // SubjectPublicKeyInfo
  std::string_view message;
  std::string_view signature;
};

// RFC 6979 A.2.5 (P-256 with SHA-256) and A.2.6 (P-384 with SHA-384), as DER.
constexpr KnownSignature rfc_6979[] = {
    {ecdsa_sha256,
     "3059301306072a8648ce3d020106082a8648ce3d030107034200"
     "0460fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6"
     "7903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299",
     "sample",
     "3046022100efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716"
     "022100f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8"},
    {ecdsa_sha384,
     "3076301006072a8648ce3d020106052b81040022036200"
     "04ec3a4e415b4e19a4568618029f427fa5da9a8bc4ae92e02e06aae5286b300c64"
     "def8f0ea9055866064a254515480bc138015d9b72d7d57244ea8ef9ac0c62189"
     "6708a59367f9dfb9f54ca84b3f1c9db1288b231c3ae0d4fe7344fd2533264720",
     "sample",
     "306602310094edbb92a5ecb8aad4736e56c691916b3f88140666ce9fa73d64c4ea95ad133c"
     "81a648152e44acf96e36dd1e80fabe46"
     "02310099ef4aeb15f178cea1fe40db2603138f130e740a19624526203b6351d0a3a94f"
     "a329c145786e679e7b82c71a38628ac8"},
};

TEST(Signer, TheSignaturesOfRfc6979Verify) {
  for (const auto& known : rfc_6979) {
    Hasher hasher(digest_of(known.algorithm));
    hasher.update(bytes_of(known.message));
    const auto answer = verify_digest(known.algorithm, from_hex(known.public_key).value(),
                                      hasher.finish(), from_hex(known.signature).value());
    ASSERT_TRUE(answer) << describe(answer.error());
    EXPECT_TRUE(*answer);
  }
}

// FIPS 186-5 §6.4.2, steps 5 to 7: with the base point as public key, a digest of 1 and r = -1 the
// sum is the point at infinity, whatever s is. OpenSSL takes that for a failure of its own.
TEST(Signer, ASignatureThatLeadsToThePointAtInfinityIsWrong) {
  const Bytes key = *from_hex(
      "3059301306072a8648ce3d020106082a8648ce3d030107034200"
      "046b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296"
      "4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5");
  Bytes digest(32, 0);
  digest.back() = 1;
  const auto answer = verify_digest(
      ecdsa_sha256, key, digest,
      *from_hex("3026022100ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632550"
                "020101"));
  ASSERT_TRUE(answer) << describe(answer.error());
  EXPECT_FALSE(*answer);
}

TEST(Signer, AKeyOfAnotherAlgorithmIsAnError) {
  const Sha384 digest = {};
  EXPECT_FALSE(
      verify_digest(ecdsa_sha384, from_hex(rfc_6979[0].public_key).value(), digest, Bytes{}));
}

}  // namespace
}  // namespace hallmark::crypto
