#include "server/master_rotation.h"

#include <gtest/gtest.h>

#include "server/test_installation.h"
#include "store/audit.h"
#include "store/driver.h"
#include "store/sealing.h"

namespace hallmark::server {
namespace {

using hallmark::test::error_of;
using hallmark::test::expect_done;
using test::master_key;
using test::value_of;

class MasterRotationTest : public testing::Test {
 protected:
  MasterRotationTest() : admin_(make()) {}

  identity::NewAccessKey make() {
    auto created = value_of(test::create(directory_));
    expect_done(created.installation->finish());
    return std::move(created.admin);
  }
  std::unique_ptr<Installation> open(std::uint8_t key) {
    return value_of(Installation::open(directory_, master_key(key)));
  }
  bool opens(std::uint8_t key) {
    return Installation::open(directory_, master_key(key)).has_value();
  }
  void begin(std::uint8_t old_key, std::uint8_t new_key) {
    const auto installation = open(old_key);
    const keys::Custody other(master_key(new_key));
    expect_done(begin_rotation(*installation, other.master_key()));
  }
  // The first user's access key can be read, and a certificate can be issued.
  void expect_works(Installation& installation) {
    const auto found = value_of(installation.identities().find(admin_.id));
    EXPECT_TRUE(found->secret_access_key == admin_.secret);
    EXPECT_TRUE(installation.authority().identity_for(
        installation.account(), value_of(model::ProfileName::parse("Release"))));
  }
  std::vector<store::WrappedKey> wrapped(Installation& installation) {
    return value_of(installation.store().read(
        [](store::Reader& rows) { return store::list_wrapped_keys(rows); }));
  }

  std::vector<store::DiscardedKey> discarded(Installation& installation) {
    return value_of(installation.store().read(
        [](store::Reader& rows) { return store::list_discarded_keys(rows, {}, 100); }));
  }

  hallmark::test::TemporaryFolder folder_;
  const DataDirectory directory_{folder_.path() / "data"};
  identity::NewAccessKey admin_;
};

TEST_F(MasterRotationTest, OnceBegunEitherMasterKeyOpensEverything) {
  begin(0, 1);
  expect_works(*open(0));
  expect_works(*open(1));
}

TEST_F(MasterRotationTest, AtTheEndOnlyTheNewOneDoes) {
  begin(0, 1);
  EXPECT_GE(value_of(complete_rotation(*open(1))).value_or(0), 2u);
  EXPECT_FALSE(opens(0));
  expect_works(*open(1));
  EXPECT_EQ(wrapped(*open(1)).size(), 1u);
}

TEST_F(MasterRotationTest, WhatIsOpenWhileItEndsGoesOn) {
  begin(0, 1);
  const auto installation = open(1);
  EXPECT_TRUE(value_of(complete_rotation(*installation)));
  expect_works(*installation);
}

TEST_F(MasterRotationTest, WhatIsSealedMeanwhileOpensAfterwards) {
  begin(0, 1);
  expect_works(*open(0));  // issues a certificate
  expect_works(*open(1));
  EXPECT_TRUE(value_of(complete_rotation(*open(1))));
  expect_works(*open(1));
}

TEST_F(MasterRotationTest, BegunTwiceItIsBegunOnce) {
  begin(0, 1);
  begin(0, 1);
  EXPECT_EQ(wrapped(*open(1)).size(), 4u);
}

TEST_F(MasterRotationTest, WithoutOneNothingIsDone) {
  EXPECT_EQ(value_of(complete_rotation(*open(0))), std::nullopt);
  begin(0, 1);
  EXPECT_TRUE(value_of(complete_rotation(*open(1))));
  EXPECT_EQ(value_of(complete_rotation(*open(1))), std::nullopt);
}

TEST_F(MasterRotationTest, KeysThatWaitToBeDestroyedAreSealedAnewAndABrokenOneHoldsUpNothing) {
  const auto purpose = keys::Purpose::imported_certificate;
  {
    const auto installation = open(0);
    const auto made =
        value_of(installation->keys().create(purpose, crypto::KeyKind::p384, "arn:one"));
    expect_done(installation->store().write([&](store::Transaction& tx) -> Result<void> {
      TRY(store::insert_discarded_key(
          tx, {Uuid::v7(Timestamp(), installation->random()), "arn:one", made.sealed}));
      return store::insert_discarded_key(
          tx, {Uuid::v7(installation->clock().now(), installation->random()), "arn:two", {1, 2}});
    }));
  }
  begin(0, 1);
  EXPECT_TRUE(value_of(complete_rotation(*open(1))));
  const auto installation = open(1);
  const auto kept = discarded(*installation);
  ASSERT_EQ(kept.size(), 2u);
  EXPECT_TRUE(installation->keys().open(kept[0].sealed_key, purpose, "arn:one"));
  EXPECT_EQ(kept[1].sealed_key, (Bytes{1, 2}));
}

// The first goes when the second has been sealed; the rows are more than a step has.
TEST_F(MasterRotationTest, AKeyThatIsDestroyedMeanwhileStaysAwayAndNoOtherIsPassedOver) {
  constexpr std::size_t rows = 66;
  const auto purpose = keys::Purpose::imported_certificate;
  const auto key = value_of(open(0)->keys().create(purpose, crypto::KeyKind::p384, "arn:one"));
  begin(0, 1);
  const auto installation = open(1);
  expect_done(installation->store().write([&](store::Transaction& tx) -> Result<void> {
    for (std::size_t i = 1; i <= rows; ++i) {
      Uuid id;
      id.bytes.back() = std::uint8_t(i);
      TRY(store::insert_discarded_key(tx, {id, "arn:one", key.sealed}));
    }
    TRY(store::execute(tx,
                       "CREATE TRIGGER gone AFTER UPDATE ON discarded_keys "
                       "WHEN NEW.id = X'00000000000000000000000000000002' BEGIN "
                       "DELETE FROM discarded_keys "
                       "WHERE id = X'00000000000000000000000000000001'; END"));
    return {};
  }));
  EXPECT_TRUE(value_of(complete_rotation(*installation)));
  const auto left = discarded(*installation);
  EXPECT_EQ(left.size(), rows - 1);
  for (const store::DiscardedKey& each : left) {
    EXPECT_TRUE(installation->keys().open(each.sealed_key, purpose, each.arn)) << each.id.text();
  }
}

TEST_F(MasterRotationTest, AStrangersKeyOpensNothingMeanwhile) {
  begin(0, 1);
  EXPECT_FALSE(opens(2));
}

TEST_F(MasterRotationTest, ItIsAudited) {
  begin(0, 1);
  const auto installation = open(1);
  ASSERT_TRUE(value_of(complete_rotation(*installation)));
  const auto rows = value_of(installation->store().read(
      [](store::Reader& reader) { return store::list_audit(reader, 0, 100); }));
  EXPECT_NE(rows.back().body.find("RotateMasterKey"), std::string::npos);
}

}  // namespace
}  // namespace hallmark::server
