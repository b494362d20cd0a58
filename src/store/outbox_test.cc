#include "store/outbox.h"

#include "store/conformance_test.h"
#include "store/driver.h"
#include "store/postgresql_cluster_test.h"

namespace hallmark::store {
namespace {

using std::chrono::seconds;

class Outbox : public EachEngine {
 protected:
  static constexpr auto target = EventTarget::webhook;
  static constexpr Timestamp now = start + seconds(100);

  static JobEvent event(std::uint8_t number, std::uint8_t job = 1) {
    JobEvent made{.id = {},
                  .target = target,
                  .account = account(),
                  .owner = account(),
                  .job = {},
                  .status = model::JobStatus::succeeded,
                  .at = start};
    made.id.bytes[15] = number;
    Uuid of_job;
    of_job.bytes[15] = job;
    made.job = of_job;
    return made;
  }
  void add(const JobEvent& event) {
    ASSERT_TRUE(write([&](Transaction& tx) { return add_event(tx, event); }));
  }
  void add_unreadable(std::uint8_t number) {
    add(event(number, number));
    ASSERT_TRUE(write([&](Transaction& tx) -> Result<void> {
      TRY(execute(tx, "UPDATE outbox SET account = 'nobody' WHERE id = $1", event(number).id));
      return {};
    }));
  }
  static Result<std::optional<ClaimedEvent>> claim_in(Transaction& tx, Timestamp at = now) {
    return claim_event(tx, target, at, at + seconds(30));
  }
  std::optional<ClaimedEvent> claim(Timestamp at = now) {
    return *store().write([&](Transaction& tx) { return claim_in(tx, at); });
  }
  std::int64_t waiting() {
    return read([](Reader& rows) { return measure_outbox(rows, target, 10); })->rows;
  }
};
INSTANTIATE_TEST_SUITE_P(Engines, Outbox, testing::ValuesIn(engines()), engine_name);

TEST_P(Outbox, AnEventIsClaimedOnceWhileItsLeaseLasts) {
  add(event(1));
  const auto first = claim();
  ASSERT_TRUE(first);
  EXPECT_EQ(first->event->id, event(1).id);
  EXPECT_EQ(first->event->at, start);
  EXPECT_EQ(first->attempts, 1);
  EXPECT_FALSE(claim());
  EXPECT_EQ(claim(now + seconds(30))->attempts, 2);
}

TEST_P(Outbox, OfOneJobTheLaterEventWaitsForTheEarlier) {
  add(event(2));
  add(event(1));
  EXPECT_EQ(claim()->event->id, event(1).id);
  EXPECT_FALSE(claim());
  ASSERT_TRUE(write([](Transaction& tx) { return remove_event(tx, event(1)); }));
  EXPECT_EQ(claim()->event->id, event(2).id);
}

TEST_P(Outbox, OfTwoJobsNoneWaitsForTheOther) {
  add(event(1, 1));
  add(event(2, 2));
  EXPECT_TRUE(claim());
  EXPECT_TRUE(claim());
}

TEST_P(Outbox, WhatIsPutOffWaitsForItsTime) {
  add(event(1));
  ASSERT_TRUE(claim());
  ASSERT_TRUE(write([](Transaction& tx) { return put_off_event(tx, event(1), now + seconds(5)); }));
  EXPECT_FALSE(claim(now + seconds(4)));
  EXPECT_TRUE(claim(now + seconds(5)));
}

TEST_P(Outbox, EachTargetHasItsOwn) {
  JobEvent other = event(1);
  other.target = EventTarget::standard_output;
  add(event(1));
  add(other);
  EXPECT_TRUE(claim());
  EXPECT_FALSE(claim());
  EXPECT_TRUE(
      *read([](Reader& rows) { return event_waits(rows, EventTarget::standard_output, now); }));
}

TEST_P(Outbox, AnEventThatCannotBeReadIsToldOfAndRemovedByItsClaimAlone) {
  add_unreadable(1);
  add(event(2, 2));
  const auto first = claim();
  ASSERT_TRUE(first);
  ASSERT_FALSE(first->event);
  EXPECT_EQ(first->event.error().kind, ErrorKind::corrupt);
  EXPECT_NE(first->event.error().detail.find("00000001"), std::string::npos);
  EXPECT_EQ(waiting(), 1);
  EXPECT_EQ(claim()->event->id, event(2).id);
}

TEST_P(Outbox, WhileOneNodeRemovesAnUnreadableEventAnotherTakesTheNextAndKeepsIt) {
  if (!store().is_shared()) GTEST_SKIP() << "one process";
  const auto opened =
      open_postgresql({.url = postgresql_url(folder()), .node = "other"}, test_link);
  ASSERT_TRUE(opened);
  Store& other = **opened;
  add_unreadable(1);
  add(event(2, 2));
  const auto here = store().write([&](Transaction& tx) -> Result<std::optional<ClaimedEvent>> {
    TRY(auto first, claim_in(tx));
    TRY(const auto second, other.write([](Transaction& at) { return claim_in(at); }));
    EXPECT_TRUE(second && second->event && second->event->id == event(2).id);
    return first;
  });
  ASSERT_TRUE(here && *here);
  EXPECT_FALSE((*here)->event);
  EXPECT_EQ(waiting(), 1);
  EXPECT_EQ(claim(now + seconds(30))->event->id, event(2).id);
}

TEST_P(Outbox, IsMeasuredUpToABound) {
  add(event(1));
  add(event(2, 2));
  const auto measured = [&](std::int64_t most) {
    return *read([&](Reader& rows) { return measure_outbox(rows, target, most); });
  };
  EXPECT_EQ(measured(10).rows, 2);
  EXPECT_EQ(measured(1).rows, 1);
  EXPECT_EQ(measured(1).oldest_at, start);
}

}  // namespace
}  // namespace hallmark::store
