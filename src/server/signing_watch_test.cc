#include "server/signing_watch.h"

#include <gtest/gtest.h>

#include "server/test_installation.h"

namespace hallmark::server {
namespace {

using hallmark::test::expect_done;
using test::make_installation;
using test::master_key;
using test::value_of;

class SigningWatchTest : public testing::Test {
 protected:
  SigningWatchTest() {
    make_installation(directory);
    installation = value_of(Installation::open(directory, master_key()));
  }

  hallmark::test::TemporaryFolder folder;
  const DataDirectory directory{folder.path() / "data"};
  std::unique_ptr<Installation> installation;
  signing::SigningGate gate;
  Result<std::uint64_t> free = std::uint64_t(1) << 40;
};

TEST_F(SigningWatchTest, LetsAHealthyServiceSign) {
  SigningWatch watch(installation->heads(), gate, [this] { return free; });
  watch.look();
  EXPECT_TRUE(gate.check_signing());
  EXPECT_FALSE(gate.reason());
}

TEST_F(SigningWatchTest, AFullDiskStopsSigningAndNothingElse) {
  SigningWatch watch(installation->heads(), gate, [this] { return free; });
  free = free_bytes_min - 1;
  watch.look();
  ASSERT_FALSE(gate.check_signing());
  EXPECT_EQ(gate.check_signing().error().kind, ErrorKind::unavailable);
  EXPECT_TRUE(gate.check_history());
}

TEST_F(SigningWatchTest, SigningGoesOnOnlyWhenThereIsEnoughSpaceAgain) {
  SigningWatch watch(installation->heads(), gate, [this] { return free; });
  free = free_bytes_min - 1;
  watch.look();
  free = free_bytes_min;
  watch.look();
  EXPECT_FALSE(gate.check_signing());
  free = free_bytes_enough;
  watch.look();
  EXPECT_TRUE(gate.check_signing());
}

TEST_F(SigningWatchTest, ADiskThatCannotBeAskedChangesNothing) {
  SigningWatch watch(installation->heads(), gate, [this] { return free; });
  free = internal_error("statvfs");
  watch.look();
  EXPECT_TRUE(gate.check_signing());
}

TEST_F(SigningWatchTest, AStoreThatStandsStillSignsNothingAndKnowsNotAllRevocations) {
  SigningWatch watch(installation->heads(), gate, [this] { return free; });
  expect_done(installation->store().write([&](store::Transaction& tx) {
    return store::insert_standstill(tx, {1, "cause", installation->clock().now()});
  }));
  watch.look();
  EXPECT_FALSE(gate.check_signing());
  EXPECT_FALSE(gate.check_history());
  expect_done(installation->store().write([&](store::Transaction& tx) {
    return store::accept_standstills(tx, {installation->clock().now(), "because"});
  }));
  watch.look();
  EXPECT_TRUE(gate.check_signing());
  EXPECT_TRUE(gate.check_history());
}

TEST_F(SigningWatchTest, FreeBytesOfAFolderAreKnown) {
  EXPECT_GT(value_of(find_free_bytes(folder.path())), 0u);
  EXPECT_FALSE(find_free_bytes(folder.path() / "missing"));
}

}  // namespace
}  // namespace hallmark::server
