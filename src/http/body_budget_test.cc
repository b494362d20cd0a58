#include "http/body_budget.h"

#include <string>
#include <thread>

#include <gtest/gtest.h>

#include "http/testing.h"

namespace hallmark::http {
namespace {

using namespace std::chrono_literals;
using testing::Client;
using testing::Held;
using testing::response_of;
using testing::TestServer;

constexpr std::size_t kibibyte = 1024;
constexpr std::size_t body_bytes = 60 * kibibyte;

// There is room for one body of `body_bytes`, but not for two.
ServerLimits narrow() {
  ServerLimits limits;
  limits.body_free_bytes = 8 * kibibyte;
  limits.bodies_bytes_max = 100 * kibibyte;
  limits.sweep_interval = 2ms;
  return limits;
}

std::string head_of(std::size_t bytes, std::string_view fields = {}) {
  return "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: " + std::to_string(bytes) + "\r\n" +
         std::string(fields) + "\r\n";
}

std::string post(std::size_t bytes) { return head_of(bytes) + std::string(bytes, 'x'); }

TEST(BodyShare, GrowsUpToTheWholeBudget) {
  BodyBudget budget(narrow());
  BodyShare share(budget);
  EXPECT_TRUE(share.grow_to(60 * kibibyte));
  EXPECT_TRUE(share.grow_to(100 * kibibyte));
  EXPECT_FALSE(share.grow_to(100 * kibibyte + 1));
}

TEST(BodyShare, LeavesTheRestToOthers) {
  BodyBudget budget(narrow());
  BodyShare one(budget), other(budget);
  ASSERT_TRUE(one.grow_to(60 * kibibyte));
  EXPECT_FALSE(other.could_grow_to(41 * kibibyte));
  EXPECT_FALSE(other.grow_to(41 * kibibyte));
  EXPECT_TRUE(other.could_grow_to(40 * kibibyte));
  EXPECT_TRUE(other.grow_to(40 * kibibyte));
}

TEST(BodyShare, IsGivenBackAtItsEnd) {
  BodyBudget budget(narrow());
  {
    BodyShare share(budget);
    ASSERT_TRUE(share.grow_to(100 * kibibyte));
  }
  BodyShare next(budget);
  EXPECT_TRUE(next.grow_to(100 * kibibyte));
  next.release();
  EXPECT_TRUE(next.grow_to(100 * kibibyte));
}

TEST(BodyShare, OfASmallBodyIsFree) {
  BodyBudget budget(narrow());
  BodyShare large(budget), small(budget);
  ASSERT_TRUE(large.grow_to(100 * kibibyte));
  EXPECT_TRUE(small.could_grow_to(8 * kibibyte));
  EXPECT_TRUE(small.grow_to(8 * kibibyte));
  EXPECT_FALSE(small.grow_to(8 * kibibyte + 1));
}

TEST(Bodies, ThatDoNotFitAreRefusedBeforeTheyAreRead) {
  Held held;
  TestServer server(held.handler(), narrow());
  Client first(server.port());
  first.send(post(body_bytes));
  auto pair = held.take();
  Client second(server.port());
  EXPECT_EQ(second.ask(head_of(body_bytes)).status, 503);
  EXPECT_TRUE(second.is_closed());
  pair.reply(response_of(""));
}

TEST(Bodies, FitAgainWhenTheOneBeforeIsAnswered) {
  Held held;
  TestServer server(held.handler(), narrow());
  Client first(server.port()), second(server.port());
  for (int i = 0; i < 3; ++i) {
    for (Client* client : {&first, &second}) {
      client->send(post(body_bytes));
      held.take().reply(response_of(""));
      ASSERT_EQ(client->read_answer().status, 200);
    }
  }
}

TEST(Bodies, ThatAreSmallPassEvenWhenTheBudgetIsSpent) {
  Held held;
  TestServer server(held.handler(), narrow());
  Client first(server.port());
  first.send(post(100 * kibibyte));
  auto large = held.take();
  Client second(server.port());
  second.send(post(8 * kibibyte));
  held.take().reply(response_of(""));
  EXPECT_EQ(second.read_answer().status, 200);
  large.reply(response_of(""));
}

TEST(Bodies, AnnouncedTakeNothingFromOthersUntilTheyCome) {
  Held held;
  TestServer server(held.handler(), narrow());
  Client slow(server.port());
  slow.send(head_of(body_bytes, "Expect: 100-continue\r\n"));
  ASSERT_EQ(slow.read_head().status, 100);
  Client first(server.port());
  first.send(post(body_bytes));
  auto pair = held.take();
  slow.send(std::string(body_bytes, 'x'));
  EXPECT_EQ(slow.read_answer().status, 503);
  pair.reply(response_of(""));
  EXPECT_EQ(first.read_answer().status, 200);
}

TEST(Bodies, ThatAreCutOffGiveTheirShareBack) {
  Held held;
  TestServer server(held.handler(), narrow());
  Client(server.port()).send(head_of(body_bytes) + std::string(body_bytes - 1, 'x'));
  const auto end = std::chrono::steady_clock::now() + testing::patience;
  bool is_taken = false;
  while (!is_taken && std::chrono::steady_clock::now() < end) {
    Client next(server.port());
    next.send(head_of(100 * kibibyte, "Expect: 100-continue\r\n"));
    is_taken = next.read_head().status == 100;
  }
  EXPECT_TRUE(is_taken);
}

TEST(BodyRate, RefusesABodyThatTricklesLongBeforeItsDeadline) {
  ServerLimits limits = narrow();
  limits.body_grace = 20ms;
  limits.body_deadline = 60s;
  TestServer server(testing::echo, limits);
  Client client(server.port());
  EXPECT_EQ(client.ask(head_of(100) + "abc").status, 408);
  EXPECT_TRUE(client.is_closed());
}

TEST(BodyRate, LetsABodyPauseThatIsAhead) {
  ServerLimits limits = narrow();
  limits.body_grace = 20ms;
  TestServer server(testing::echo, limits);
  Client client(server.port());
  client.send(head_of(body_bytes) + std::string(body_bytes - 1, 'x'));
  std::this_thread::sleep_for(100ms);  // the grace passes
  EXPECT_EQ(client.ask("x").status, 200);
}

}  // namespace
}  // namespace hallmark::http
