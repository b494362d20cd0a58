// The server's deadlines, each made so short that a test can wait for it.
#include <atomic>
#include <chrono>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "http/testing.h"

namespace hallmark::http {
namespace {

using namespace std::chrono_literals;
using testing::Client;
using testing::echo;
using testing::Held;
using testing::quick;
using testing::response_of;
using testing::simple_get;
using testing::soon;
using testing::TestServer;

// "GET /403" is answered with 403.
void answer_with_the_status_asked_for(const Request& request, Reply reply) {
  reply({.status = std::stoi(request.path.substr(1)), .headers = {}, .body = {}});
}

TEST(Deadline, EndsASlowHeader) {
  TestServer server(echo, quick(&ServerLimits::header_deadline));
  Client client(server.port());
  EXPECT_EQ(client.ask("GET / HTTP/1.1\r\nHo").status, 408);
  EXPECT_TRUE(client.is_closed());
}

TEST(Deadline, IsNotPutOffByATrickle) {
  TestServer server(echo, quick(&ServerLimits::header_deadline));
  Client client(server.port());
  client.send("GET / HTTP/1.1\r\nx: ");
  const auto end = std::chrono::steady_clock::now() + testing::patience;
  while (client.send("x") && std::chrono::steady_clock::now() < end) {
    std::this_thread::sleep_for(1ms);
  }
  EXPECT_LT(std::chrono::steady_clock::now(), end);
}

TEST(Deadline, EndsASlowBody) {
  TestServer server(echo, quick(&ServerLimits::body_deadline));
  Client client(server.port());
  EXPECT_EQ(client.ask("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nab").status, 408);
  EXPECT_TRUE(client.is_closed());
}

TEST(Deadline, EndsABodyThatNeverComesAfterContinue) {
  TestServer server(echo, quick(&ServerLimits::body_deadline));
  Client client(server.port());
  client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_EQ(client.read_head().status, 100);
  EXPECT_EQ(client.read_answer().status, 408);
}

TEST(Deadline, ClosesANewConnectionThatAsksNothing) {
  TestServer server(echo, quick(&ServerLimits::first_byte_deadline));
  EXPECT_TRUE(Client(server.port()).is_closed());
}

TEST(Deadline, OfTheFirstByteIsNotThatBetweenRequests) {
  Held held;
  TestServer server(held.handler(), quick(&ServerLimits::first_byte_deadline));
  Client client(server.port());
  client.send(simple_get);
  held.take().reply(response_of(""));
  ASSERT_EQ(client.read_answer().status, 200);
  std::this_thread::sleep_for(3 * soon);  // the deadline passes
  client.send(simple_get);
  held.take().reply(response_of(""));
  EXPECT_EQ(client.read_answer().status, 200);
}

TEST(Deadline, OfTheFirstByteGoesOnAfterARefusal) {
  ServerLimits limits = quick();
  limits.first_byte_deadline = 500ms;  // the first bytes come in time on a slow machine, too
  limits.idle_deadline = 10min;
  TestServer server(&answer_with_the_status_asked_for, limits);
  std::vector<Client> clients;
  for (const std::string status : {"400", "401", "403", "500"}) {
    clients.emplace_back(server.port()).send("GET /" + status + " HTTP/1.1\r\nHost: a\r\n\r\n");
  }
  for (Client& client : clients) {
    EXPECT_GE(client.read_answer().status, 400);
    EXPECT_TRUE(client.is_closed());
  }
}

TEST(Deadline, OfTheFirstByteEndsWithTheFirstSuccess) {
  ServerLimits limits = quick();
  limits.first_byte_deadline = 10min;
  limits.idle_deadline = soon;
  TestServer server(&answer_with_the_status_asked_for, limits);
  Client client(server.port());
  client.send("GET /302 HTTP/1.1\r\nHost: a\r\n\r\nGET /403 HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_EQ(client.read_answer().status, 302);
  EXPECT_EQ(client.read_answer().status, 403);
  EXPECT_TRUE(client.is_closed());  // at the idle deadline
}

TEST(Deadline, ClosesAnIdleConnectionSilently) {
  TestServer server(echo, quick(&ServerLimits::idle_deadline));
  Client used(server.port());
  EXPECT_EQ(used.ask(simple_get).status, 200);
  EXPECT_TRUE(used.is_closed());
}

TEST(Deadline, EndsAnAnswerThatNobodyReads) {
  constexpr std::size_t body_bytes = 16 * limits::mebibyte;
  ServerLimits limits = quick();
  limits.write_deadline = soon;
  std::atomic<bool> is_handled = false;
  TestServer server(
      [&](Request, Reply reply) {
        reply(response_of(std::string(body_bytes, 'x')));
        is_handled = true;
      },
      limits);
  Client client(server.port(), 4096);
  client.send(simple_get);
  while (!is_handled) std::this_thread::yield();
  std::this_thread::sleep_for(10 * soon);  // not reading is what is tested
  const auto received = client.read_to_end();
  ASSERT_TRUE(received);
  EXPECT_LT(received->size(), body_bytes);
}

TEST(Deadline, DoesNotTouchARequestThatIsBeingHandled) {
  ServerLimits limits = quick();
  limits.header_deadline = limits.body_deadline = limits.idle_deadline = soon;
  Held held;
  TestServer server(held.handler(), limits);
  Client client(server.port());
  client.send(simple_get);
  auto pair = held.take();
  std::this_thread::sleep_for(3 * soon);  // the deadlines pass
  pair.reply(response_of("late"));
  EXPECT_EQ(client.read_answer().body, "late");
}

}  // namespace
}  // namespace hallmark::http
