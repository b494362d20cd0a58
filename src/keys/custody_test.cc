#include "keys/custody.h"

#include <gtest/gtest.h>

#include "base/encoding.h"
#include "base/test_support.h"
#include "crypto/aead.h"
#include "crypto/random.h"
#include "keys/test_token.h"

namespace hallmark::keys {
namespace {

using hallmark::test::error_of;
using hallmark::test::expect_done;
using hallmark::test::value_of;

constexpr std::string_view id = "0192f0c1-0000-7000-8000-000000000001";
enum class Place { file, token };

class MasterKeyPlaceTest : public testing::TestWithParam<Place> {
 protected:
  void SetUp() override {
    if (GetParam() == Place::file) return;
    token_ = std::make_unique<test::TestToken>();
    if (!token_->usable()) GTEST_SKIP() << "there is no SoftHSM";
  }
  std::string place(std::string_view name) {
    if (GetParam() == Place::file) return (folder_.path() / name).string();
    std::string uri = token_->uri();
    return uri.insert(uri.find('?'), fmt::format(";object={}", name));
  }
  Custody created() { return value_of(Custody::create({"file:", place("one")})); }
  Custody opened() { return value_of(Custody::open({"file:", place("one")})); }

  std::unique_ptr<test::TestToken> token_;
  hallmark::test::TemporaryFolder folder_;
  crypto::SystemRandom random_;
  const Bytes key_ = Bytes(crypto::aead_key_bytes, 5);
};

TEST_P(MasterKeyPlaceTest, WhatItWrapsItOpensAfterARestart) {
  const Bytes wrapped = value_of(created().master_key().wrap(key_, "context"));
  EXPECT_EQ(to_hex(value_of(opened().master_key().unwrap(wrapped, "context")).reveal()),
            to_hex(key_));
}

TEST_P(MasterKeyPlaceTest, AnotherContextOrAChangedByteDoesNotOpen) {
  const auto custody = created();
  Bytes wrapped = value_of(custody.master_key().wrap(key_, "context"));
  EXPECT_EQ(error_of(custody.master_key().unwrap(wrapped, "other")).kind, ErrorKind::corrupt);
  for (const std::size_t at : {std::size_t(0), wrapped.size() / 2, wrapped.size() - 1}) {
    wrapped[at] ^= 1;
    EXPECT_EQ(error_of(custody.master_key().unwrap(wrapped, "context")).kind, ErrorKind::corrupt);
    wrapped[at] ^= 1;
  }
  EXPECT_FALSE(custody.master_key().unwrap(ByteView(wrapped).first(10), "context"));
  EXPECT_TRUE(custody.master_key().unwrap(wrapped, "context"));
}

TEST_P(MasterKeyPlaceTest, AnotherKeyOpensNothingAndHasAnotherFingerprint) {
  auto custody = created();
  const auto other = value_of(custody.create_master_key(place("two")));
  const Bytes wrapped = value_of(custody.master_key().wrap(key_, "context"));
  EXPECT_FALSE(other->unwrap(wrapped, "context"));
  EXPECT_NE(other->fingerprint(), custody.master_key().fingerprint());
  EXPECT_EQ(value_of(custody.open_master_key(place("two")))->fingerprint(), other->fingerprint());
}

TEST_P(MasterKeyPlaceTest, ThatIsNotThereDoesNotOpen) {
  EXPECT_FALSE(Custody::open({"file:", place("none")}));
}

INSTANTIATE_TEST_SUITE_P(Places, MasterKeyPlaceTest, testing::Values(Place::file, Place::token),
                         [](const auto& tested) {
                           return tested.param == Place::file ? "file" : "token";
                         });

class CustodyTest : public testing::Test {
 protected:
  hallmark::test::TemporaryFolder folder_;
  crypto::SystemRandom random_;
};

TEST_F(CustodyTest, AMasterKeysFileIsNeverReplaced) {
  const std::string file = (folder_.path() / "master.key").string();
  ASSERT_TRUE(Custody::create({{}, file}));
  EXPECT_EQ(error_of(Custody::create({{}, file})).kind, ErrorKind::invalid);
}

TEST_F(CustodyTest, PlacesThatAreNoneAreRefused) {
  EXPECT_EQ(error_of(Custody::open({"vault:x", "/key"})).kind, ErrorKind::invalid);
  EXPECT_EQ(error_of(Custody::open({"file:", ""})).kind, ErrorKind::invalid);
  EXPECT_EQ(error_of(Custody::open({"", ""})).kind, ErrorKind::invalid);
  EXPECT_EQ(error_of(Custody::open({"pkcs11:", ""})).kind, ErrorKind::invalid);
}

class TokenCustodyTest : public CustodyTest {
 protected:
  void SetUp() override {
    if (!token_.usable()) GTEST_SKIP() << "there is no SoftHSM";
  }
  test::TestToken token_;
};

TEST_F(TokenCustodyTest, KeysOfOneLabelInTwoTokensAreTold) {
  const auto made = hallmark::test::run(
      "softhsm2-util --init-token --free --label spare --so-pin 13579 --pin 2468");
  ASSERT_EQ(made.status, 0) << made.output;
  std::string spare = token_.uri();
  spare.replace(spare.find("token=test"), std::string("token=test").size(), "token=spare");
  auto custody = value_of(Custody::create({token_.uri(), {}}));
  const auto other = value_of(custody.create_master_key(spare));
  EXPECT_NE(other->fingerprint(), custody.master_key().fingerprint());
}

TEST_F(TokenCustodyTest, KeysAndMasterKeyAreInOneTokenUnlessSaidOtherwise) {
  const auto custody = value_of(Custody::create({token_.uri(), {}}));
  std::vector<Secret> sealing;
  sealing.emplace_back(crypto::aead_key_bytes);
  const Sealer sealer(sealing, random_);
  const auto keys = custody.provider(sealer);
  ASSERT_TRUE(keys->create(Purpose::code_signing, crypto::KeyKind::p384, id));
  const std::string objects = token_.pkcs11_tool("--list-objects").output;
  EXPECT_NE(objects.find("Private Key Object; EC"), std::string::npos) << objects;
  EXPECT_NE(objects.find("hallmark master key"), std::string::npos) << objects;
}

TEST_F(TokenCustodyTest, TheMasterKeyMayBeInAFileWhileTheKeysAreInAToken) {
  const std::string file = (folder_.path() / "master.key").string();
  ASSERT_TRUE(Custody::create({token_.uri(), file}));
  EXPECT_TRUE(Custody::open({token_.uri(), file}));
}

TEST_F(TokenCustodyTest, AWrappingKeyThatCouldBeTakenOutIsRefused) {
  const auto made =
      token_.pkcs11_tool("--keygen --key-type AES:32 --label 'hallmark master key' --extractable");
  ASSERT_EQ(made.status, 0) << made.output;
  EXPECT_EQ(error_of(Custody::create({token_.uri(), {}})).kind, ErrorKind::invalid);
}

}  // namespace
}  // namespace hallmark::keys
