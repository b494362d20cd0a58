// What every key back end must keep, run on each of them.
#include <algorithm>
#include <functional>
#include <thread>

#include <gtest/gtest.h>

#include "base/encoding.h"
#include "base/file.h"
#include "base/test_support.h"
#include "crypto/aead.h"
#include "crypto/digest.h"
#include "crypto/random.h"
#include "keys/file_keys.h"
#include "keys/pkcs11_keys.h"
#include "keys/test_token.h"

namespace hallmark::keys {
namespace {

using hallmark::test::error_of;
using hallmark::test::expect_done;
using hallmark::test::value_of;

constexpr auto p256 = crypto::KeyKind::p256;
constexpr auto p384 = crypto::KeyKind::p384;
constexpr std::string_view id = "0192f0c1-0000-7000-8000-000000000001";
constexpr std::string_view other_id = "0192f0c1-0000-7000-8000-000000000002";

enum class BackEnd { file, pkcs11 };

std::vector<Secret> sealing_keys(std::initializer_list<std::uint8_t> bytes) {
  std::vector<Secret> keys;
  for (const std::uint8_t byte : bytes) {
    keys.emplace_back(ByteView(Bytes(crypto::aead_key_bytes, byte)));
  }
  return keys;
}

class KeyProviderTest : public testing::TestWithParam<BackEnd> {
 protected:
  void SetUp() override {
    if (GetParam() == BackEnd::pkcs11) {
      token_ = std::make_unique<test::TestToken>();
      if (!token_->usable()) GTEST_SKIP() << "there is no SoftHSM";
    }
    keys_ = provider(sealer_);
  }

  std::unique_ptr<KeyProvider> provider(const Sealer& sealer) {
    if (token_ == nullptr) return file_keys(sealer, random_);
    return pkcs11_keys(*value_of(tokens_.open(token_->uri())), sealer, random_);
  }
  CreatedKey create(crypto::KeyKind kind = p384, std::string_view name = id) {
    return value_of(keys_->create(Purpose::code_signing, kind, name));
  }
  static Bytes vector(std::string_view name) {
    return copy_of(bytes_of(
        value_of(read_file(std::string(HALLMARK_VECTORS "/keys/") + std::string(name), 1 << 16))));
  }
  static void expect_signs(const crypto::Signer& signer, crypto::SignatureAlgorithm algorithm,
                           ByteView public_key) {
    const Bytes digest(crypto::digest_size(crypto::digest_of(algorithm)), 0x5a);
    const Bytes signature = value_of(signer.sign_digest(algorithm, digest));
    EXPECT_TRUE(value_of(crypto::verify_digest(algorithm, public_key, digest, signature)));
  }

  std::unique_ptr<test::TestToken> token_;  // of the back end that has one
  crypto::SystemRandom random_;
  Tokens tokens_;
  Sealer sealer_{sealing_keys({7}), random_};
  Sealer other_sealer_{sealing_keys({8}), random_};
  std::unique_ptr<KeyProvider> keys_;
};

TEST_P(KeyProviderTest, OpensTheKeyThatItMade) {
  for (const auto kind : {p256, p384}) {
    const auto created = create(kind);
    const auto opened = value_of(keys_->open(created.sealed, Purpose::code_signing, id));
    EXPECT_EQ(opened->kind(), kind);
    EXPECT_EQ(to_hex(opened->public_key()), to_hex(created.signer->public_key()));
  }
}

TEST_P(KeyProviderTest, AnOpenedKeySignsForTheCertificateOfTheCreatedOne) {
  for (const auto kind : {p256, p384}) {
    const auto created = create(kind);
    const auto opened = value_of(keys_->open(created.sealed, Purpose::code_signing, id));
    expect_signs(*opened, crypto::algorithm_of(kind), created.signer->public_key());
    expect_signs(*created.signer, crypto::algorithm_of(kind), opened->public_key());
  }
}

TEST_P(KeyProviderTest, AnotherProviderOpensItToo) {
  const auto created = create();
  keys_.reset();
  const auto again = provider(sealer_);
  EXPECT_TRUE(again->open(created.sealed, Purpose::code_signing, id));
}

TEST_P(KeyProviderTest, RefusesAnAlgorithmOfAnotherKindAndADigestOfAnotherSize) {
  const auto created = create(p384);
  using enum crypto::SignatureAlgorithm;
  EXPECT_EQ(error_of(created.signer->sign_digest(ecdsa_sha256, Bytes(32))).kind,
            ErrorKind::internal);
  EXPECT_EQ(error_of(created.signer->sign_digest(rsa_sha256, Bytes(32))).kind, ErrorKind::internal);
  EXPECT_EQ(error_of(created.signer->sign_digest(ecdsa_sha384, Bytes(32))).kind,
            ErrorKind::internal);
  EXPECT_EQ(error_of(created.signer->sign_digest(ecdsa_sha384, {})).kind, ErrorKind::internal);
}

TEST_P(KeyProviderTest, KeysThatTheirUsersBringAreOpenedLikeOthers) {
  const Bytes pem = vector("rsa-2048.pem");
  const auto brought = value_of(keys_->import_key(Purpose::imported_certificate, pem, id));
  const auto opened = value_of(keys_->open(brought.sealed, Purpose::imported_certificate, id));
  EXPECT_EQ(opened->kind(), crypto::KeyKind::rsa);
  EXPECT_TRUE(std::ranges::equal(opened->public_key(), brought.signer->public_key()));
  for (const auto algorithm :
       {crypto::SignatureAlgorithm::rsa_sha256, crypto::SignatureAlgorithm::rsa_sha1}) {
    expect_signs(*opened, algorithm, brought.signer->public_key());
  }
  EXPECT_FALSE(keys_->open(brought.sealed, Purpose::code_signing, id));
}

TEST_P(KeyProviderTest, AKeyThatIsBroughtAnewLeavesTheOneBeforeItAlone) {
  const Bytes pem = vector("rsa-2048.pem");
  const auto first = value_of(keys_->import_key(Purpose::imported_certificate, pem, id));
  const auto second = value_of(keys_->import_key(Purpose::imported_certificate, pem, id));
  expect_done(keys_->destroy(second.sealed, Purpose::imported_certificate, id));
  EXPECT_TRUE(keys_->open(first.sealed, Purpose::imported_certificate, id));
}

TEST_P(KeyProviderTest, WhatIsNoKeyIsNotKept) {
  EXPECT_EQ(error_of(keys_->import_key(Purpose::imported_certificate, bytes_of("no key"), id)).kind,
            ErrorKind::invalid);
}

TEST_P(KeyProviderTest, AKeyOpensForItsOwnPurposeAndIdOnly) {
  const Bytes sealed = create().sealed;
  for (const auto purpose : {Purpose::root_certificate, Purpose::intermediate_certificate}) {
    EXPECT_EQ(error_of(keys_->open(sealed, purpose, id)).kind, ErrorKind::corrupt);
  }
  EXPECT_FALSE(keys_->open(sealed, Purpose::code_signing, other_id));
}

TEST_P(KeyProviderTest, AnotherSealingKeyOpensNothing) {
  const Bytes sealed = create().sealed;
  const Bytes secret = keys_->seal(bytes_of("x"), "context");
  const auto other = provider(other_sealer_);
  EXPECT_EQ(error_of(other->open(sealed, Purpose::code_signing, id)).kind, ErrorKind::corrupt);
  EXPECT_EQ(error_of(other->unseal(secret, "context")).kind, ErrorKind::corrupt);
}

TEST_P(KeyProviderTest, EveryChangedByteIsNoticed) {
  Bytes sealed = create(p256).sealed;
  for (auto& byte : sealed) {
    for (const std::uint8_t flip : std::initializer_list<std::uint8_t>{0x01, 0x03, 0x80}) {
      byte ^= flip;  // 0x03 names the other kind, or the other back end
      EXPECT_FALSE(keys_->open(sealed, Purpose::code_signing, id));
      byte ^= flip;
    }
  }
  for (std::size_t size = 0; size < sealed.size(); ++size) {
    EXPECT_FALSE(keys_->open(ByteView(sealed).first(size), Purpose::code_signing, id));
  }
}

TEST_P(KeyProviderTest, TheSealedBytesShowNeitherKey) {
  const auto created = create();
  const Bytes begin_of_pkcs8 = {0x30, 0x81, 0xb6, 0x02, 0x01, 0x00};
  EXPECT_TRUE(std::ranges::search(created.sealed, begin_of_pkcs8).empty());
  const Bytes point = copy_of(created.signer->public_key().last(96));
  EXPECT_TRUE(std::ranges::search(created.sealed, point).empty());
}

TEST_P(KeyProviderTest, EachKeyIsAnother) {
  EXPECT_NE(to_hex(create(p384, id).signer->public_key()),
            to_hex(create(p384, other_id).signer->public_key()));
}

TEST_P(KeyProviderTest, ADestroyedKeyMayBeDestroyedAgain) {
  const auto created = create();
  expect_done(keys_->destroy(created.sealed, Purpose::code_signing, id));
  expect_done(keys_->destroy(created.sealed, Purpose::code_signing, id));
}

TEST_P(KeyProviderTest, IsReadyToBeUsed) { EXPECT_TRUE(keys_->check()); }

TEST_P(KeyProviderTest, UnsealsASecretUnderItsContextOnly) {
  const Bytes sealed = keys_->seal(bytes_of("wJalrXUtnFEMI"), "access key AKID");
  EXPECT_EQ(text_of(value_of(keys_->unseal(sealed, "access key AKID")).reveal()), "wJalrXUtnFEMI");
  EXPECT_FALSE(keys_->unseal(sealed, "access key OTHER"));
}

TEST_P(KeyProviderTest, SignersAreUsedFromManyThreads) {
  const auto created = create();
  std::vector<std::jthread> threads;
  for (int i = 0; i < 12; ++i) {  // more than there are sessions
    threads.emplace_back([&] {
      for (int j = 0; j < 5; ++j) {
        expect_signs(*created.signer, crypto::algorithm_of(p384), created.signer->public_key());
      }
    });
  }
}

INSTANTIATE_TEST_SUITE_P(BackEnds, KeyProviderTest, testing::Values(BackEnd::file, BackEnd::pkcs11),
                         [](const auto& tested) {
                           return tested.param == BackEnd::file ? "file" : "pkcs11";
                         });

}  // namespace
}  // namespace hallmark::keys
