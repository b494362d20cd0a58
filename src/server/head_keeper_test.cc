#include "server/head_keeper.h"

#include <limits>

#include <gtest/gtest.h>

#include "audit/record.h"
#include "base/file.h"
#include "server/test_installation.h"
#include "store/certificate_revocation.h"
#include "store/driver.h"
#include "store/settings.h"

namespace hallmark::server {
namespace {

namespace fs = std::filesystem;
using hallmark::test::error_of;
using hallmark::test::expect_done;
using test::make_installation;
using test::master_key;
using test::value_of;

class HeadKeeperTest : public testing::Test {
 protected:
  HeadKeeperTest() { make_installation(directory); }

  std::unique_ptr<Installation> opened(const BackEnds& back_ends = {}) {
    return value_of(Installation::open(directory, master_key(), back_ends));
  }
  static void revoke(Installation& in, std::string certificate) {
    const auto record = audit::record_event("Test", in.clock().now(), in.home(), {});
    expect_done(in.store().write([&](store::Transaction& tx) -> Result<void> {
      TRY(store::insert_certificate_revocation(
          tx, {certificate, "UNSPECIFIED", in.clock().now(), "who"}));
      return store::append_audit(tx, record);
    }));
  }
  static void accept(Installation& in) {
    expect_done(in.store().write([&](store::Transaction& tx) -> Result<void> {
      TRY(const auto open, store::list_open_standstills(tx));
      return store::accept_standstills(tx, {open.back().number, in.clock().now(), "because"});
    }));
  }
  // The closed store's file, to be put back later.
  void keep() { fs::copy_file(directory.store(), kept, fs::copy_options::overwrite_existing); }
  void put_back() {
    for (const char* suffix : {"-wal", "-shm"}) fs::remove(directory.store().string() + suffix);
    fs::copy_file(kept, directory.store(), fs::copy_options::overwrite_existing);
  }

  hallmark::test::TemporaryFolder folder;
  const DataDirectory directory{folder.path() / "data"};
  const fs::path kept = folder.path() / "kept.db";
};

TEST_F(HeadKeeperTest, AStoreThatGoesOnIsNotDoubted) {
  for (int i = 0; i < 3; ++i) {
    const auto in = opened();
    EXPECT_FALSE(in->heads().standstill());
    revoke(*in, std::to_string(i));
    expect_done(in->heads().look());
    EXPECT_FALSE(in->heads().standstill());
  }
}

TEST_F(HeadKeeperTest, ARevocationIsInTheHeadFileWhenItIsTold) {
  const auto in = opened();
  const auto before = value_of(read_head_file(directory.head()));
  revoke(*in, "aa");
  const auto after = value_of(read_head_file(directory.head()));
  EXPECT_GT(after.head.place, before.head.place);
}

TEST_F(HeadKeeperTest, AStoreFromBeforeARevocationStandsStillUntilItIsAccepted) {
  keep();
  revoke(*opened(), "aa");
  put_back();
  {
    const auto in = opened();
    ASSERT_TRUE(in->heads().standstill());
    EXPECT_NE(in->heads().standstill()->find("ends before"), std::string::npos);
  }
  const auto in = opened();  // a restart does not help
  ASSERT_TRUE(in->heads().standstill());
  accept(*in);
  expect_done(in->heads().look());
  EXPECT_FALSE(in->heads().standstill());
}

TEST_F(HeadKeeperTest, AnAcceptedStoreStaysAccepted) {
  keep();
  revoke(*opened(), "aa");
  put_back();
  accept(*opened());
  for (int i = 0; i < 2; ++i) {
    const auto in = opened();
    EXPECT_FALSE(in->heads().standstill());
    revoke(*in, std::to_string(i));
  }
}

TEST_F(HeadKeeperTest, TheSameOldStoreIsNoticedASecondTime) {
  keep();
  revoke(*opened(), "aa");
  put_back();
  accept(*opened());
  { revoke(*opened(), "bb"); }
  put_back();
  EXPECT_TRUE(opened()->heads().standstill());
}

TEST_F(HeadKeeperTest, AStoreThatWentAnotherWayIsNoticed) {
  keep();
  revoke(*opened(), "aa");
  put_back();
  const fs::path head = folder.path() / "head";
  fs::rename(directory.head(), head);  // and went on where nobody compared
  for (int i = 0; i < 5; ++i) revoke(*opened(), std::to_string(i));
  fs::rename(head, directory.head());
  const auto in = opened();
  ASSERT_TRUE(in->heads().standstill());
  EXPECT_NE(in->heads().standstill()->find("another"), std::string::npos);
}

TEST_F(HeadKeeperTest, AnEpochThatNoStoreHasIsADoubtThatCanBeAccepted) {
  { opened(); }
  WitnessedHead witnessed = value_of(read_head_file(directory.head()));
  witnessed.epoch = std::numeric_limits<std::int64_t>::max();
  expect_done(write_head_file(directory.head(), witnessed));
  const auto in = opened();
  ASSERT_TRUE(in->heads().standstill());
  EXPECT_NE(in->heads().standstill()->find("is not what was written"), std::string::npos);
  accept(*in);
  expect_done(in->heads().look());
  EXPECT_FALSE(in->heads().standstill());
  EXPECT_LT(value_of(read_head_file(directory.head())).epoch, 10);
}

TEST_F(HeadKeeperTest, AFileElsewhereTellsOfADirectoryThatWasPutBackAsAWhole) {
  const BackEnds back_ends{.head_file = folder.path() / "elsewhere"};
  { opened(back_ends); }
  const fs::path copy = folder.path() / "copy";
  fs::copy(directory.path, copy, fs::copy_options::recursive);
  revoke(*opened(back_ends), "aa");
  fs::remove_all(directory.path);
  fs::rename(copy, directory.path);
  EXPECT_TRUE(opened(back_ends)->heads().standstill());
}

TEST_F(HeadKeeperTest, WhatWasRevokedBesideTheFileElsewhereDoesNotHarm) {
  const BackEnds back_ends{.head_file = folder.path() / "elsewhere"};
  { revoke(*opened(back_ends), "aa"); }
  revoke(*opened(), "bb");  // a command that knows nothing of it
  EXPECT_FALSE(opened(back_ends)->heads().standstill());
}

TEST_F(HeadKeeperTest, AMissingFileIsNoDoubtAndIsMade) {
  fs::remove(directory.head());
  EXPECT_FALSE(opened()->heads().standstill());
  EXPECT_TRUE(fs::exists(directory.head()));
}

TEST_F(HeadKeeperTest, AFileThatIsNotWhatWasWrittenIsADoubtUntilItIsAccepted) {
  expect_done(write_file_durably(directory.head(), bytes_of("epoch = x\n"), 0600));
  { EXPECT_TRUE(opened()->heads().standstill()); }
  {
    const auto in = opened();
    ASSERT_TRUE(in->heads().standstill());
    accept(*in);
    expect_done(in->heads().look());
    EXPECT_FALSE(in->heads().standstill());
  }
  EXPECT_FALSE(opened()->heads().standstill());
}

TEST_F(HeadKeeperTest, WhatTheFileSaidAtTheStartIsNotForgottenWhileTheStoreIsDoubted) {
  keep();
  revoke(*opened(), "aa");
  put_back();
  const auto in = opened();
  ASSERT_TRUE(in->heads().standstill());
  // As when another old state is put under the running process: its row of doubt is gone.
  expect_done(in->store().write([](store::Transaction& tx) -> Result<void> {
    TRY(store::execute(tx, "DELETE FROM standstills"));
    return {};
  }));
  expect_done(in->heads().look());
  EXPECT_TRUE(in->heads().standstill());
}

TEST_F(HeadKeeperTest, AFileThatCannotBeWrittenIsAnErrorAtTheStart) {
  const BackEnds back_ends{.head_file = folder.path() / "missing" / "head"};
  EXPECT_FALSE(Installation::open(directory, master_key(), back_ends));
}

TEST_F(HeadKeeperTest, AStandstillOfAnotherNodeIsSeenAtTheNextLook) {
  const auto in = opened();
  expect_done(in->store().write([&](store::Transaction& tx) {
    return store::insert_standstill(tx, {1, "elsewhere", in->clock().now()});
  }));
  expect_done(in->heads().look());
  EXPECT_EQ(in->heads().standstill(), "elsewhere");
}

TEST_F(HeadKeeperTest, TheFileStaysAsItIsWhileTheStoreStandsStill) {
  keep();
  revoke(*opened(), "aa");
  put_back();
  const std::string before = value_of(read_file(directory.head(), 4096));
  {
    const auto in = opened();
    revoke(*in, "bb");
    expect_done(in->heads().look());
    expect_done(in->heads().write_now());
  }
  EXPECT_EQ(value_of(read_file(directory.head(), 4096)), before);
}

}  // namespace
}  // namespace hallmark::server
