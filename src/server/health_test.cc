#include "server/health.h"

#include <atomic>
#include <future>
#include <thread>

#include <gtest/gtest.h>

namespace hallmark::server {
namespace {

using Phase = Health::Phase;

TEST(Health, IsNotReadyBeforeItServesAndWhenItDrains) {
  Health health({});
  EXPECT_EQ(health.causes().at(0).name, "starting");
  health.enter(Phase::serving);
  EXPECT_TRUE(health.causes().empty());
  health.enter(Phase::draining);
  EXPECT_EQ(health.causes().at(0).name, "draining");
}

TEST(Health, NamesEachCheckThatFailsAndWhy) {
  Health health({{"store", [] { return Result<void>(unavailable("the disk is full")); }},
                 {"clock", [] { return Result<void>(); }},
                 {"keys", [] { return Result<void>(unavailable("no token")); }}});
  health.enter(Phase::serving);
  const std::vector<Cause> causes = health.causes();
  ASSERT_EQ(causes.size(), 2u);
  EXPECT_EQ(causes[0].name, "store");
  EXPECT_NE(causes[0].reason.find("the disk is full"), std::string::npos);
  EXPECT_EQ(causes[1].name, "keys");
}

TEST(Health, NamesTheCheckThatDoesNotAnswer) {
  std::promise<void> done;
  Health health({{"keys", [&] {
                    done.get_future().wait();
                    return Result<void>();
                  }}});
  health.enter(Phase::serving);
  const std::vector<Cause> causes = health.causes();
  ASSERT_EQ(causes.size(), 1u);
  EXPECT_EQ(causes[0].name, "keys");
  EXPECT_EQ(causes[0].reason.find("no answer for"), 0u);
  done.set_value();
  health.stop();
}

TEST(Health, AsksTheChecksOnceForManyWhoAskAtOnce) {
  std::atomic<int> runs = 0;
  Health health({{"store", [&] {
                    ++runs;
                    return Result<void>();
                  }}});
  health.enter(Phase::serving);
  for (int i = 0; i < 100; ++i) EXPECT_TRUE(health.causes().empty());
  EXPECT_LE(runs, 50);  // as many seconds as nobody waits for this
}

TEST(Health, SurvivesACheckThatThrows) {
  Health health({{"store", []() -> Result<void> { throw std::bad_alloc(); }}});
  health.enter(Phase::serving);
  EXPECT_EQ(health.causes().at(0).name, "store");
}

TEST(Health, RunsTheChecksAgainAfterOneThatThrew) {
  std::atomic<bool> throws = true;
  Health health({{"store", [&]() -> Result<void> {
                    if (throws) throw std::bad_alloc();
                    return {};
                  }}});
  health.enter(Phase::serving);
  EXPECT_EQ(health.causes().at(0).name, "store");
  throws = false;
  while (!health.causes().empty()) std::this_thread::yield();
}

}  // namespace
}  // namespace hallmark::server
