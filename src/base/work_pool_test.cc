#include "base/work_pool.h"

#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <stdexcept>

namespace hallmark {
namespace {

// Holds a thread of a pool until it is let go. Made before the pool, so that it outlives its
// threads.
class Gate {
 public:
  void enter() {
    entered_.set_value();
    opened_.get_future().wait();
  }
  void await_entry() { entered_.get_future().wait(); }
  void open() { opened_.set_value(); }

 private:
  std::promise<void> entered_;
  std::promise<void> opened_;
};

TEST(WorkPool, RunsWhatItIsGivenInOrderOfArrival) {
  std::vector<int> order;
  WorkPool pool(1, 10);
  for (int i = 0; i < 5; ++i) pool.run([&order, i] { order.push_back(i); });
  pool.stop();
  EXPECT_EQ(order, (std::vector{0, 1, 2, 3, 4}));
}

TEST(WorkPool, RunsOnSeveralThreadsAtOnce) {
  Gate first, second;
  WorkPool pool(2, 10);
  pool.run([&] { first.enter(); });
  pool.run([&] { second.enter(); });
  first.await_entry();
  second.await_entry();
  first.open();
  second.open();
}

TEST(WorkPool, HasNoRoomWhileAsManyWaitAsMay) {
  Gate gate;
  WorkPool pool(1, 2);
  pool.run([&] { gate.enter(); });
  gate.await_entry();
  pool.run([] {});
  EXPECT_TRUE(pool.has_room());
  pool.run([] {});
  EXPECT_FALSE(pool.has_room());
  gate.open();
}

TEST(WorkPool, SurvivesATaskThatThrows) {
  std::atomic<int> ran = 0;
  WorkPool pool(1, 10);
  pool.run([] { throw std::runtime_error("odd"); });
  pool.run([&] { ++ran; });
  pool.stop();
  EXPECT_EQ(ran, 1);
}

TEST(WorkPool, DropsWhatComesAfterItsEnd) {
  WorkPool pool(1, 10);
  pool.stop();
  EXPECT_FALSE(pool.has_room());
  pool.run([] { ADD_FAILURE() << "ran"; });
}

// One thread, held by a gate until all tasks of a test are in.
class SharedPool : public testing::Test {
 protected:
  SharedPool() {
    pool.run("other", [this] { gate.enter(); });
    gate.await_entry();
  }
  void add(const std::string& sharer, int count) {
    for (int i = 0; i < count; ++i) pool.run(sharer, [this, sharer] { order += sharer; });
  }
  std::string finish() {
    gate.open();
    pool.stop();
    return order;
  }

  std::string order;
  Gate gate;
  WorkPool pool{1, 10};
};

TEST_F(SharedPool, SharersHaveTheirTurnsOneAfterTheOther) {
  add("a", 5);
  add("b", 1);
  add("c", 2);
  EXPECT_EQ(finish(), "abcacaaa");
}

TEST_F(SharedPool, OneSharerMayHaveHalfOfTheQueue) {
  add("a", 4);
  EXPECT_EQ(pool.room_for("a"), Room::enough);
  add("a", 1);
  EXPECT_EQ(pool.room_for("a"), Room::share_used);
  EXPECT_EQ(pool.room_for("b"), Room::enough);
  finish();
}

TEST_F(SharedPool, AllTogetherMayNotHaveMoreThanTheQueue) {
  add("a", 5);
  add("b", 5);
  EXPECT_EQ(pool.room_for("c"), Room::pool_full);
  EXPECT_FALSE(pool.has_room());
  EXPECT_EQ(pool.waiting(), 10u);
  finish();
}

TEST(WorkPool, HasNoRoomAfterItsEnd) {
  WorkPool pool(1, 10);
  pool.stop();
  EXPECT_EQ(pool.room_for("a"), Room::pool_full);
}

TEST(WorkPool, SaysWhenATaskWouldWaitLong) {
  Gate gate;
  WorkPool pool(1, 10, WorkPool::Duration(0));
  pool.run("a", [] {});
  pool.run("a", [&] { gate.enter(); });  // the first is over then, and took some time
  gate.await_entry();
  EXPECT_EQ(pool.room_for("a"), Room::enough);  // none is before it
  pool.run("a", [] {});
  EXPECT_EQ(pool.room_for("a"), Room::long_wait);
  gate.open();
}

}  // namespace
}  // namespace hallmark
