#include "server/signing_watch.h"

#include <gtest/gtest.h>

#include "audit/record.h"
#include "server/health_checks.h"
#include "server/test_installation.h"
#include "store/audit.h"
#include "store/driver.h"
#include "store/seen_time.h"

namespace hallmark::server {
namespace {

using hallmark::test::expect_done;
using signing::Change;
using std::chrono::seconds;
using test::make_installation;
using test::master_key;
using test::value_of;

class SigningWatchTest : public testing::Test {
 protected:
  static std::unique_ptr<Installation> made(const DataDirectory& directory) {
    make_installation(directory);
    return value_of(Installation::open(directory, master_key()));
  }
  void look() { watch.look(); }
  void record() {
    const auto record = audit::record_event("Event", clock.now(), {}, {});
    expect_done(installation->store().write(
        [&](store::Transaction& tx) { return store::append_audit(tx, record); }));
  }

  std::optional<Timestamp> seen() {
    return value_of(installation->store().read(
        [](store::Reader& rows) { return store::find_seen_time(rows); }));
  }
  void run_sql(store::Sql sql) {
    expect_done(installation->store().write([&](store::Transaction& tx) -> Result<void> {
      TRY(store::execute(tx, sql));
      return {};
    }));
  }

  hallmark::test::TemporaryFolder folder;
  const DataDirectory directory{folder.path() / "data"};
  const std::unique_ptr<Installation> installation = made(directory);
  signing::SigningGate gate;
  Result<std::uint64_t> free = std::uint64_t(1) << 40;
  hallmark::test::TestClock clock;
  SigningWatch watch{
      {installation->heads(), installation->store(), clock, gate, [this] { return free; }}};
};

TEST_F(SigningWatchTest, LetsAHealthyServiceSign) {
  look();
  EXPECT_TRUE(gate.check_signing());
  EXPECT_FALSE(gate.reason());
}

TEST_F(SigningWatchTest, AFullDiskStopsSigningAndNothingElse) {
  free = free_bytes_min - 1;
  look();
  ASSERT_FALSE(gate.check_signing());
  EXPECT_EQ(gate.check_signing().error().kind, ErrorKind::unavailable);
  EXPECT_TRUE(gate.check_history());
}

TEST_F(SigningWatchTest, SigningGoesOnOnlyWhenThereIsEnoughSpaceAgain) {
  free = free_bytes_min - 1;
  look();
  free = free_bytes_min;
  look();
  EXPECT_FALSE(gate.check_signing());
  free = free_bytes_enough;
  look();
  EXPECT_TRUE(gate.check_signing());
}

TEST_F(SigningWatchTest, ADiskThatCannotBeAskedChangesNothing) {
  free = internal_error("statvfs");
  look();
  EXPECT_TRUE(gate.check_signing());
}

TEST_F(SigningWatchTest, AStoreThatStandsStillSignsNothingAndKnowsNotAllRevocations) {
  expect_done(installation->store().write([&](store::Transaction& tx) {
    return store::insert_standstill(tx, {1, "cause", installation->clock().now()});
  }));
  look();
  EXPECT_FALSE(gate.check_signing());
  EXPECT_FALSE(gate.check_history());
  expect_done(installation->store().write([&](store::Transaction& tx) {
    return store::accept_standstills(tx, {1, installation->clock().now(), "because"});
  }));
  look();
  EXPECT_TRUE(gate.check_signing());
  EXPECT_TRUE(gate.check_history());
}

TEST_F(SigningWatchTest, AFullDiskLetsOnlyThoseChangesGoOnThatTakeSomethingAway) {
  free = free_bytes_min - 1;
  look();
  EXPECT_FALSE(gate.check_change(Change::grows));
  EXPECT_TRUE(gate.check_change(Change::restricts));
  EXPECT_FALSE(gate.has_space());
}

TEST_F(SigningWatchTest, AClockThatWasSetBackStopsEveryChangeUntilItIsRight) {
  record();
  look();
  clock.advance(-clock_fault_max - seconds(1));
  look();
  EXPECT_FALSE(gate.check_signing());
  EXPECT_FALSE(gate.check_change(Change::grows));
  EXPECT_FALSE(gate.check_change(Change::restricts));
  EXPECT_TRUE(gate.check_history());
  clock.advance(seconds(1));
  look();
  EXPECT_TRUE(gate.check_signing());
  EXPECT_TRUE(gate.check_change(Change::restricts));
}

TEST_F(SigningWatchTest, AClockThatWasSetBackIsNoticedByTheNextProcessToo) {
  record();
  look();
  clock.advance(-std::chrono::hours(2));
  SigningWatch next(
      {installation->heads(), installation->store(), clock, gate, [this] { return free; }});
  next.look();
  EXPECT_FALSE(gate.check_signing());
}

TEST_F(SigningWatchTest, AnOperatorMayAcceptAClockThatWasAhead) {
  record();
  look();
  clock.advance(-std::chrono::hours(2));
  look();
  expect_done(accept_clock(installation->store(), clock));
  look();
  EXPECT_TRUE(gate.check_signing());
}

TEST_F(SigningWatchTest, ARecordThatComesLaterMovesTheTimeOn) {
  record();
  look();
  clock.advance(std::chrono::hours(1));
  record();
  look();
  clock.advance(-std::chrono::minutes(30));
  look();
  EXPECT_FALSE(gate.check_signing());
}

TEST_F(SigningWatchTest, ATimeThatCouldNotBeKeptIsKeptAtTheNextLook) {
  record();
  run_sql("CREATE TRIGGER refuse BEFORE INSERT ON seen_times BEGIN SELECT RAISE(ABORT, 'no'); END");
  look();
  EXPECT_NE(seen(), clock.now());
  run_sql("DROP TRIGGER refuse");
  look();
  EXPECT_EQ(seen(), clock.now());
}

TEST_F(SigningWatchTest, WhereNothingIsRecordedNothingIsKept) {
  look();
  const auto before = seen();
  clock.advance(std::chrono::hours(1));
  look();
  EXPECT_EQ(seen(), before);
}

}  // namespace
}  // namespace hallmark::server
