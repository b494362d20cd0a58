#include "store/writer.h"

#include <future>
#include <latch>
#include <stdexcept>
#include <thread>

#include "base/limits.h"
#include "store/conformance_test.h"
#include "store/settings.h"

namespace hallmark::store {
namespace {

using Outcomes = std::vector<std::future<Result<void>>>;
Done promise_in(Outcomes& outcomes) {
  auto promise = std::make_unique<std::promise<Result<void>>>();
  outcomes.push_back(promise->get_future());
  return [promise = std::move(promise)](Result<void> outcome) {
    promise->set_value(std::move(outcome));
  };
}

class Writing : public EachEngine {
 protected:
  // Holds the writer inside a unit until release(), so that what is queued meanwhile is one group.
  class Pause {
   public:
    explicit Pause(Store& store) {
      store.write(
          [this](Transaction&) -> Result<void> {
            entered_.count_down();
            leave_.wait();
            return {};
          },
          promise_in(finished_));
      entered_.wait();
    }
    ~Pause() {
      release();
      finished_.front().wait();  // the writer has left our latches
    }
    Pause(const Pause&) = delete;
    Pause& operator=(const Pause&) = delete;
    void release() {
      if (!released_) leave_.count_down();
      released_ = true;
    }

   private:
    std::latch entered_{1};
    std::latch leave_{1};
    Outcomes finished_;
    bool released_ = false;
  };

  static Work setting(std::string name) {
    return [name = std::move(name)](Transaction& tx) { return insert_setting(tx, name, "v"); };
  }
  static Work record(std::uint8_t hash) {
    return [hash](Transaction& tx) {
      return append_audit(tx, {.body = "record", .body_hash = hash_of(hash)});
    };
  }
  bool holds(const std::string& name) {
    return read([&](Reader& rows) { return find_setting(rows, name); })->has_value();
  }
};
INSTANTIATE_TEST_SUITE_P(Engines, Writing, testing::ValuesIn(engines()), engine_name);

TEST_P(Writing, ALoneUnitIsCommittedAlone) {
  for (int i = 0; i < 5; ++i) ASSERT_TRUE(write(setting(std::to_string(i))));
  EXPECT_EQ(store().counters().units, 5u);
  EXPECT_EQ(store().counters().groups, 5u);
}

TEST_P(Writing, UnitsThatWaitShareACommit) {
  Outcomes outcomes;
  Pause pause(store());
  for (int i = 0; i < 20; ++i) store().write(setting(std::to_string(i)), promise_in(outcomes));
  pause.release();
  for (auto& outcome : outcomes) EXPECT_TRUE(outcome.get());
  EXPECT_EQ(store().counters().units, 21u);
  EXPECT_EQ(store().counters().groups, 1u);
}

TEST_P(Writing, AGroupHasABoundedNumberOfUnits) {
  Outcomes outcomes;
  Pause pause(store());
  for (std::size_t i = 0; i < 2 * limits::group_commit_units_max; ++i) {
    store().write(setting(std::to_string(i)), promise_in(outcomes));
  }
  pause.release();
  for (auto& outcome : outcomes) EXPECT_TRUE(outcome.get());
  EXPECT_EQ(store().counters().groups, 3u);
}

TEST_P(Writing, ManyConcurrentWritersShareCommits) {
  constexpr int writers = 8;
  constexpr int each = 25;
  std::vector<std::jthread> threads;
  for (int writer = 0; writer < writers; ++writer) {
    threads.emplace_back([this, writer] {
      for (int i = 0; i < each; ++i) EXPECT_TRUE(write(record(std::uint8_t(writer * each + i))));
    });
  }
  threads.clear();
  EXPECT_EQ(store().counters().units, std::uint64_t(writers * each));
  EXPECT_LT(store().counters().groups, store().counters().units);
  EXPECT_TRUE(store().check());
}

TEST_P(Writing, AFailingUnitIsRolledBackAlone) {
  Outcomes outcomes;
  Pause pause(store());
  store().write(setting("before"), promise_in(outcomes));
  store().write(
      [](Transaction& tx) -> Result<void> {
        TRY(insert_setting(tx, "undone", "v"));
        TRY(append_audit(tx, {.body = "undone", .body_hash = hash_of(9)}));
        return denied("no");
      },
      promise_in(outcomes));
  store().write(record(1), promise_in(outcomes));
  store().write(setting("after"), promise_in(outcomes));
  pause.release();
  EXPECT_TRUE(outcomes[0].get());
  EXPECT_EQ(outcomes[1].get().error().kind, ErrorKind::denied);
  EXPECT_TRUE(outcomes[2].get());
  EXPECT_TRUE(outcomes[3].get());
  EXPECT_TRUE(holds("before"));
  EXPECT_FALSE(holds("undone"));
  EXPECT_TRUE(holds("after"));
  EXPECT_EQ(store().counters().groups, 1u);
  const auto records = read([](Reader& rows) { return list_audit(rows, 0, 10); });
  ASSERT_EQ(records->size(), 1u);
  EXPECT_EQ(records->at(0).sequence, 1);
  EXPECT_TRUE(store().check());
}

TEST_P(Writing, AUnitThatFailsAfterItsRecordIsRolledBackAlone) {
  ASSERT_TRUE(write(record(1)));
  Outcomes outcomes;
  Pause pause(store());
  store().write(record(2), promise_in(outcomes));
  store().write(
      [](Transaction& tx) -> Result<void> {
        TRY(append_audit(tx, {.body = "undone", .body_hash = hash_of(9)}));
        return denied("no");
      },
      promise_in(outcomes));
  store().write(record(3), promise_in(outcomes));
  pause.release();
  EXPECT_TRUE(outcomes[0].get());
  EXPECT_EQ(outcomes[1].get().error().kind, ErrorKind::denied);
  EXPECT_TRUE(outcomes[2].get());
  EXPECT_EQ(read([](Reader& rows) { return list_audit(rows, 0, 10); })->size(), 3u);
  EXPECT_TRUE(store().check());
}

TEST_P(Writing, WhoComesWhileAGroupIsRunAgainJoinsIt) {
  Outcomes outcomes;
  Outcomes newcomers;
  int runs = 0;
  Pause pause(store());
  store().write(
      [&](Transaction& tx) {
        if (++runs == 2) store().write(setting("newcomer"), promise_in(newcomers));
        return insert_setting(tx, "first", "v");
      },
      promise_in(outcomes));
  store().write(
      [](Transaction& tx) -> Result<void> {
        TRY(append_audit(tx, {.body = "undone", .body_hash = hash_of(9)}));
        return denied("no");
      },
      promise_in(outcomes));
  pause.release();
  EXPECT_TRUE(outcomes[0].get());
  EXPECT_EQ(outcomes[1].get().error().kind, ErrorKind::denied);
  // PostgreSQL undoes it alone: its unit began with a statement that was waited for.
  ASSERT_EQ(runs, GetParam().name == "Postgresql" ? 1 : 2);
  for (auto& newcomer : newcomers) EXPECT_TRUE(newcomer.get());
  EXPECT_EQ(store().counters().groups, 1u);
}

// An engine may go on before it knows that a job without a token was inserted.
TEST_P(Writing, AJobThatIsNotInsertedIsItsOwnUnitsErrorAlone) {
  add_profile(profile());
  const model::Job first = payload_job();
  add_job(first);
  ASSERT_TRUE(write(record(1)));
  const auto inserting = [](const model::Job& job, std::int64_t revision) {
    return [job, revision](Transaction& tx) -> Result<void> {
      TRY(append_audit(tx, {.body = "record", .body_hash = hash_of(2)}));
      TRY(insert_job(tx, job, revision));
      return append_audit(tx, {.body = "record", .body_hash = hash_of(3)});
    };
  };
  Outcomes outcomes;
  Pause pause(store());
  store().write(inserting(payload_job(), 0), promise_in(outcomes));
  store().write(inserting(payload_job(), 7), promise_in(outcomes));  // no such revision
  store().write(inserting(first, 0), promise_in(outcomes));          // is there already
  store().write(inserting(payload_job(), 0), promise_in(outcomes));
  pause.release();
  EXPECT_TRUE(outcomes[0].get());
  EXPECT_FALSE(outcomes[1].get());
  EXPECT_EQ(outcomes[2].get().error().kind, ErrorKind::conflict);
  EXPECT_TRUE(outcomes[3].get());
  EXPECT_EQ(read([](Reader& rows) { return list_audit(rows, 0, 10); })->size(), 5u);
  EXPECT_TRUE(store().check());
}

TEST_P(Writing, AConflictLeavesTheRestOfTheGroup) {
  ASSERT_TRUE(write(setting("taken")));
  Outcomes outcomes;
  Pause pause(store());
  for (const char* name : {"a", "taken", "b"}) store().write(setting(name), promise_in(outcomes));
  pause.release();
  EXPECT_TRUE(outcomes[0].get());
  EXPECT_EQ(outcomes[1].get().error().kind, ErrorKind::conflict);
  EXPECT_TRUE(outcomes[2].get());
}

TEST_P(Writing, UnitsSeeThoseBeforeThemInTheirGroup) {
  Outcomes outcomes;
  Pause pause(store());
  store().write(setting("one"), promise_in(outcomes));
  store().write(
      [](Transaction& tx) -> Result<void> {
        TRY(const auto found, find_setting(tx, "one"));
        return found ? Result<void>() : not_found("one");
      },
      promise_in(outcomes));
  pause.release();
  EXPECT_TRUE(outcomes[1].get());
}

TEST_P(Writing, AUnitThatThrowsIsAnErrorAndUndone) {
  const Error error = refusal([](Transaction& tx) -> Result<void> {
    TRY(insert_setting(tx, "undone", "v"));
    throw std::runtime_error("a library's");
  });
  EXPECT_EQ(error.kind, ErrorKind::internal);
  EXPECT_FALSE(holds("undone"));
  EXPECT_TRUE(write(setting("next")));
}

TEST_P(Writing, ACompletionThatThrowsHarmsNobody) {
  Outcomes outcomes;
  Pause pause(store());
  store().write(setting("one"), [](Result<void>) { throw std::runtime_error("a library's"); });
  store().write(setting("two"), promise_in(outcomes));
  pause.release();
  EXPECT_TRUE(outcomes[0].get());
}

TEST_P(Writing, CompletionsRunInOrderAfterTheCommit) {
  std::vector<int> order;
  Outcomes outcomes;
  Pause pause(store());
  for (int i = 0; i < 5; ++i) {
    store().write(setting(std::to_string(i)), [&, i](Result<void>) {
      EXPECT_EQ(store().counters().groups, 1u);
      EXPECT_TRUE(holds("4"));  // seen by another connection: committed, all of them
      order.push_back(i);
    });
  }
  store().write(setting("last"), promise_in(outcomes));
  pause.release();
  EXPECT_TRUE(outcomes[0].get());
  EXPECT_EQ(order, (std::vector{0, 1, 2, 3, 4}));
}

TEST_P(Writing, ACompletionMayQueueTheNextUnit) {
  Outcomes outcomes;
  store().write(setting("one"),
                [&](Result<void>) { store().write(setting("two"), promise_in(outcomes)); });
  store().close();
  // The queue is finished at close, and the completion ran before it was empty.
  reopen();
  EXPECT_TRUE(holds("one"));
}

TEST_P(Writing, AFullQueueIsUnavailableAtOnce) {
  Outcomes outcomes;
  Pause pause(store());
  for (std::size_t i = 0; i < limits::write_queue_units_max; ++i) {
    store().write([](Transaction&) { return Result<void>(); }, promise_in(outcomes));
  }
  const auto caller = std::this_thread::get_id();
  Result<void> refused;
  store().write([](Transaction&) { return Result<void>(); },
                [&](Result<void> outcome) {
                  EXPECT_EQ(std::this_thread::get_id(), caller);
                  refused = std::move(outcome);
                });
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::unavailable);
  pause.release();
  for (auto& outcome : outcomes) EXPECT_TRUE(outcome.get());
}

TEST_P(Writing, CloseFinishesWhatIsQueuedAndRefusesTheRest) {
  Outcomes outcomes;
  {
    Pause pause(store());
    for (int i = 0; i < 100; ++i) store().write(setting(std::to_string(i)), promise_in(outcomes));
  }
  store().close();
  for (auto& outcome : outcomes) EXPECT_TRUE(outcome.get());
  EXPECT_EQ(write(setting("late")).error().kind, ErrorKind::unavailable);
  const auto late = store().read([](Reader& rows) { return find_setting(rows, "0"); });
  EXPECT_EQ(late.error().kind, ErrorKind::unavailable);
  reopen();
  EXPECT_TRUE(holds("99"));
  EXPECT_FALSE(holds("late"));
}

TEST_P(Writing, AReadSeesWhatWasCommittedBeforeItAndNothingHalf) {
  ASSERT_TRUE(write(setting("committed")));
  Pause pause(store());
  EXPECT_TRUE(holds("committed"));
}

TEST_P(Writing, AReadIsOneSnapshot) {
  const auto same = read([&](Reader& rows) -> Result<bool> {
    TRY(const auto before, find_setting(rows, "later"));
    EXPECT_TRUE(write(setting("later")));
    TRY(const auto after, find_setting(rows, "later"));
    return before == after;
  });
  EXPECT_TRUE(*same);
  EXPECT_TRUE(holds("later"));
}

TEST_P(Writing, AReadThatThrowsIsAnErrorAndTheConnectionGoesOn) {
  for (std::size_t i = 0; i < 2 * limits::read_connections_max; ++i) {
    const auto thrown =
        store().read([](Reader&) -> Result<int> { throw std::runtime_error("a library's"); });
    EXPECT_EQ(thrown.error().kind, ErrorKind::internal);
  }
  EXPECT_FALSE(holds("any"));
}

TEST_P(Writing, ReadersOnManyThreadsTakeTurns) {
  ASSERT_TRUE(write(setting("one")));
  std::vector<std::jthread> threads;
  for (std::size_t i = 0; i < 3 * limits::read_connections_max; ++i) {
    threads.emplace_back([this] {
      for (int read = 0; read < 20; ++read) EXPECT_TRUE(holds("one"));
    });
  }
}

}  // namespace
}  // namespace hallmark::store
