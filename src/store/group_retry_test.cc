// What the writer does when the engine takes back a whole group. SQLite has no such commit, so a
// connection that refuses some commits stands before it.

#include <gtest/gtest.h>

#include <atomic>
#include <future>

#include "store/conformance_test.h"
#include "store/grouped_store.h"
#include "store/settings.h"
#include "store/sqlite.h"

namespace hallmark::store {
namespace {

// How the next commits end; empty: as the engine says.
struct Plan {
  std::atomic<int> refusals = 0;
  std::atomic<ErrorKind> kind = ErrorKind::conflict;
  std::atomic<bool> begin_fails = false;
};

class RefusingConnection final : public Connection {
 public:
  RefusingConnection(std::unique_ptr<Connection> inner, Plan& plan)
      : inner_(std::move(inner)), plan_(plan) {}

  // Each unit has its savepoint, so that a group is taken back by the plan alone.
  Result<Begun> begin_write(Pace) override {
    if (plan_.begin_fails) return unavailable("as planned");
    return inner_->begin_write(Pace::looking);
  }
  Result<void> commit() override {
    if (plan_.refusals == 0) return inner_->commit();
    --plan_.refusals;
    inner_->rollback();
    return Error{plan_.kind, "refused as planned", {}};
  }

  Result<Statement*> prepare(Sql sql) override { return inner_->prepare(sql); }
  Result<void> begin_read() override { return inner_->begin_read(); }
  void rollback() override { inner_->rollback(); }
  bool in_transaction() override { return inner_->in_transaction(); }
  Result<void> savepoint() override { return inner_->savepoint(); }
  Result<void> release_savepoint() override { return inner_->release_savepoint(); }
  Result<void> rollback_to_savepoint() override { return inner_->rollback_to_savepoint(); }
  Result<void> run_script(std::string_view script) override { return inner_->run_script(script); }
  Result<const Recollection*> recollection() override { return inner_->recollection(); }
  void mark_changed(RowKind kind) override { inner_->mark_changed(kind); }
  bool is_shared() const override { return inner_->is_shared(); }
  Result<void> begin_schema_change() override { return inner_->begin_schema_change(); }
  Result<std::int64_t> join(std::string_view node) override { return inner_->join(node); }
  Result<std::optional<ChangeCounts>> change_counts() override { return inner_->change_counts(); }
  Result<std::optional<Timestamp>> shared_time() override { return inner_->shared_time(); }
  void tidy() override { inner_->tidy(); }
  Result<void> check_structure() override { return inner_->check_structure(); }

 private:
  std::unique_ptr<Connection> inner_;
  Plan& plan_;
};

class RefusingDriver final : public Driver {
 public:
  RefusingDriver(std::unique_ptr<Driver> inner, Plan& plan)
      : inner_(std::move(inner)), plan_(plan) {}
  Result<std::unique_ptr<Connection>> open_writer() override {
    TRY(auto connection, inner_->open_writer());
    return std::unique_ptr<Connection>(
        std::make_unique<RefusingConnection>(std::move(connection), plan_));
  }
  Result<std::unique_ptr<Connection>> open_reader() override { return inner_->open_reader(); }
  bool is_shared() const override { return inner_->is_shared(); }
  std::string_view node() const override { return inner_->node(); }

 private:
  std::unique_ptr<Driver> inner_;
  Plan& plan_;
};

class GroupRetry : public testing::Test {
 protected:
  GroupRetry() {
    auto driver = std::make_unique<RefusingDriver>(sqlite_driver(folder_.path() / "db"), plan_);
    auto opened = open_store(std::move(driver), test_link);
    CHECK(opened.has_value());
    store_ = *std::move(opened);
  }

  // Three units that are queued while the writer is held, so that they are one group with it.
  std::vector<Result<void>> write_group() {
    std::promise<void> leave;
    std::promise<void> entered;
    std::vector<std::promise<Result<void>>> outcomes(4);
    const auto told = [&](std::size_t at) {
      return [&, at](Result<void> outcome) { outcomes[at].set_value(std::move(outcome)); };
    };
    bool first_time = true;
    store_->write(
        [&](Transaction&) -> Result<void> {
          if (std::exchange(first_time, false)) {
            entered.set_value();
            leave.get_future().wait();
          }
          return {};
        },
        told(0));
    entered.get_future().wait();
    for (std::size_t at = 1; at < 4; ++at) {
      store_->write(
          [at](Transaction& tx) -> Result<void> {
            TRY(append_audit(tx, {.body = "r", .body_hash = hash_of(std::uint8_t(at))}));
            if (at == 2) return denied("always");
            return insert_setting(tx, std::to_string(at), "v");
          },
          told(at));
    }
    leave.set_value();
    std::vector<Result<void>> results;
    for (auto& outcome : outcomes) results.push_back(outcome.get_future().get());
    return results;
  }
  // Of write_group(): what became of them, by so many commits.
  void expect_all_but_the_denied(const std::vector<Result<void>>& outcomes, std::uint64_t groups) {
    EXPECT_TRUE(outcomes[0]);
    EXPECT_TRUE(outcomes[1]);
    EXPECT_EQ(outcomes[2].error().kind, ErrorKind::denied);
    EXPECT_TRUE(outcomes[3]);
    EXPECT_EQ(store_->counters().units, 3u);
    EXPECT_EQ(store_->counters().groups, groups);
    EXPECT_EQ(records(), 2u);
    EXPECT_TRUE(store_->check());
  }
  std::size_t records() {
    return store_->read([](Reader& rows) { return list_audit(rows, 0, 100); })->size();
  }

  TemporaryFolder folder_;
  Plan plan_;
  std::unique_ptr<Store> store_;
};

TEST_F(GroupRetry, ARefusedGroupIsRunAgainAsAGroup) {
  plan_.refusals = 1;
  expect_all_but_the_denied(write_group(), 1u);
}

TEST_F(GroupRetry, AGroupThatIsRefusedTwiceIsRunUnitByUnit) {
  plan_.refusals = 2;
  expect_all_but_the_denied(write_group(), 3u);
}

TEST_F(GroupRetry, AUnitThatIsRefusedAloneTooIsTriedAgainAFewTimes) {
  plan_.refusals = 2 + 5 + 4;  // the group's, all of the first unit, all but one of the second
  const auto outcomes = write_group();
  EXPECT_EQ(outcomes[0].error().kind, ErrorKind::unavailable);
  EXPECT_TRUE(outcomes[1]);
  EXPECT_EQ(outcomes[2].error().kind, ErrorKind::denied);
  EXPECT_TRUE(outcomes[3]);
  EXPECT_EQ(records(), 2u);
  EXPECT_TRUE(store_->check());
}

TEST_F(GroupRetry, AnUnavailableEngineFailsTheGroupAndForgetsItsRecords) {
  plan_.kind = ErrorKind::unavailable;
  plan_.refusals = 1;
  for (const auto& outcome : write_group()) {
    EXPECT_EQ(outcome.error().kind, ErrorKind::unavailable);
  }
  EXPECT_EQ(store_->counters().groups, 0u);
  write_group();
  EXPECT_EQ(records(), 2u);
  EXPECT_TRUE(store_->check());
}

TEST_F(GroupRetry, ATransactionThatCannotBeginFailsTheUnit) {
  plan_.begin_fails = true;
  const auto outcome = store_->write([](Transaction&) { return Result<void>(); });
  EXPECT_EQ(outcome.error().kind, ErrorKind::unavailable);
  plan_.begin_fails = false;
  EXPECT_TRUE(store_->write([](Transaction&) { return Result<void>(); }));
}

}  // namespace
}  // namespace hallmark::store
