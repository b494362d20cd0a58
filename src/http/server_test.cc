#include "http/server.h"

#include <sys/resource.h>

#include <cstdio>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "base/uuid.h"
#include "http/testing.h"

namespace hallmark::http {
namespace {

using namespace std::chrono_literals;
using testing::Answer;
using testing::Client;
using testing::echo;
using testing::Held;
using testing::quick;
using testing::response_of;
using testing::simple_get;
using testing::soon;
using testing::TestServer;

Result<std::unique_ptr<Server>> listen_on(const ServerOptions& options) {
  static Handler handler = echo;
  static RefusalRenderer refuse = [](const Error&, std::string_view) { return Response(); };
  static SystemClock clock;
  static testing::CountingRandom random;
  return Server::listen(options, handler, refuse, clock, random);
}

std::size_t resident_bytes() {
  std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen("/proc/self/statm", "r"),
                                                       std::fclose);
  long total = 0, resident = 0;
  if (!file || std::fscanf(file.get(), "%ld %ld", &total, &resident) != 2) return 0;
  return std::size_t(resident) * std::size_t(::sysconf(_SC_PAGESIZE));
}

// Waits until the server has closed its listening socket.
void wait_for_end_of_listening(unsigned short port) {
  const auto end = std::chrono::steady_clock::now() + testing::patience;
  while (Client(port).is_connected() && std::chrono::steady_clock::now() < end) {
    std::this_thread::yield();
  }
}

TEST(Listen, RefusesAddressesThatAreNotLoopback) {
  for (const auto* address : {"0.0.0.0", "192.0.2.1", "10.0.0.1", "::", "2001:db8::1",
                              "::ffff:192.0.2.1", "localhost", "", "127.0.0.1:80"}) {
    const auto server = listen_on({.address = address, .port = 0, .threads = 1});
    ASSERT_FALSE(server) << address;
    EXPECT_EQ(server.error().kind, ErrorKind::invalid) << address;
  }
}

TEST(Listen, TakesEveryAddressOfTheLoopbackNetwork) {
  EXPECT_TRUE(listen_on({.address = "127.1.2.3", .port = 0, .threads = 1}));
}

TEST(Listen, ServesOverIpv6) {
  if (!testing::has_ipv6_loopback()) GTEST_SKIP() << "NOT TESTED: this machine has no ::1";
  Held held;
  TestServer server(held.handler(), {}, {.address = "::1", .port = 0, .threads = 1});
  Client client(testing::LoopbackV6{server.port()});
  client.send(simple_get);
  auto pair = held.take();
  EXPECT_EQ(pair.request.peer.address, "::1");
  pair.reply(response_of("six"));
  EXPECT_EQ(client.read_answer().body, "six");
}

TEST(Listen, SaysThatAnAddressIsInUse) {
  const auto first = listen_on({.address = "127.0.0.1", .port = 0, .threads = 1});
  ASSERT_TRUE(first);
  const auto second = listen_on({.address = "127.0.0.1", .port = (*first)->port(), .threads = 1});
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().kind, ErrorKind::invalid);
  EXPECT_NE(second.error().message.find("in use"), std::string::npos);
}

TEST(Request, CarriesPeerAndAnIdOfItsOwn) {
  Held held;
  TestServer server(held.handler());
  Client client(server.port());
  client.send(std::string(simple_get) + std::string(simple_get));
  auto first = held.take();
  first.reply(response_of(""));
  auto second = held.take();
  EXPECT_EQ(first.request.peer.address, "127.0.0.1");
  EXPECT_FALSE(first.request.peer.secure);
  EXPECT_TRUE(Uuid::parse(first.request.request_id));
  EXPECT_NE(first.request.request_id, second.request.request_id);
}

TEST(Request, BodyArrivesWholeFromManyPieces) {
  TestServer server([](Request request, Reply reply) { reply(response_of(request.body)); });
  Client client(server.port());
  std::string body(limits::request_body_bytes_max, 'x');
  for (std::size_t i = 0; i < body.size(); ++i) body[i] = char('a' + i % 23);
  client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 524288\r\n\r\n");
  client.send(body);
  EXPECT_EQ(client.read_answer().body, body);
}

TEST(Request, IsReadOnlyAfterTheOneBeforeIsAnswered) {
  Held held;
  TestServer server(held.handler());
  Client client(server.port());
  client.send("GET /1 HTTP/1.1\r\nHost: a\r\n\r\nGET /2 HTTP/1.1\r\nHost: a\r\n\r\n");
  auto first = held.take();
  EXPECT_EQ(held.size(), 0u);
  first.reply(response_of("one"));
  auto second = held.take();
  EXPECT_EQ(second.request.path, "/2");
  second.reply(response_of("two"));
  EXPECT_EQ(client.read_answer().body, "one");
  EXPECT_EQ(client.read_answer().body, "two");
}

TEST(Connection, IsKeptForManyRequests) {
  TestServer server(echo);
  Client client(server.port());
  for (int i = 0; i < 100; ++i) {
    const Answer answer = client.ask(simple_get);
    ASSERT_EQ(answer.status, 200);
    EXPECT_FALSE(answer.has("Connection:"));
  }
}

TEST(Connection, ClosesWhenTheHandlerSaysSo) {
  TestServer server([](Request, Reply reply) {
    reply({.status = 200, .headers = {}, .body = "bye", .close = true});
  });
  Client client(server.port());
  const Answer answer = client.ask(simple_get);
  EXPECT_EQ(answer.body, "bye");
  EXPECT_TRUE(answer.has("Connection: close\r\n"));
  EXPECT_TRUE(client.is_closed());
}

TEST(Connection, AnswersAClientThatHasEndedItsSide) {
  TestServer server(echo);
  Client client(server.port());
  client.send(simple_get);
  client.end_sending();
  EXPECT_EQ(client.read_answer().status, 200);
  EXPECT_TRUE(client.is_closed());
}

TEST(Connection, ClosesWithoutAnswerOnARequestThatIsCutOff) {
  TestServer server(echo);
  for (const auto* part :
       {"", "GET / HT", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nab"}) {
    Client client(server.port());
    client.send(part);
    client.end_sending();
    EXPECT_TRUE(client.is_closed());
  }
}

TEST(Connection, SendsContinueBeforeABodyThatWaitsForIt) {
  TestServer server(echo);
  Client client(server.port());
  client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_EQ(client.read_head().status, 100);
  EXPECT_EQ(client.ask("abc").body, "POST /? abc");
}

TEST(Connection, AnswersHeadWithoutABody) {
  TestServer server(echo);
  Client client(server.port());
  client.send("HEAD /p HTTP/1.1\r\nHost: a\r\n\r\n");
  const Answer answer = client.read_head();
  EXPECT_EQ(answer.status, 200);
  EXPECT_TRUE(answer.has("Content-Length: 9\r\n"));
  EXPECT_EQ(client.ask(simple_get).body, "GET /simple? ");
}

TEST(Connection, RefusesHeadWithoutABody) {
  TestServer server(echo);
  Client client(server.port());
  client.send("HEAD /p HTTP/1.1\r\n\r\n");
  EXPECT_EQ(client.read_head().status, 400);
  EXPECT_TRUE(client.is_closed());
}

TEST(Limits, TenGibibytesAreRefusedAtOnceAndHeldNowhere) {
  TestServer server(echo);
  Client(server.port()).ask(simple_get);
  const std::size_t before = resident_bytes();
  Client client(server.port());
  const Answer answer =
      client.ask("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10737418240\r\n\r\n");
  EXPECT_EQ(answer.status, 413);
  EXPECT_TRUE(client.is_closed());
  EXPECT_LT(resident_bytes(), before + limits::mebibyte);
}

TEST(Limits, ARefusalReachesAClientThatGoesOnSending) {
  TestServer server(echo);
  Client client(server.port());
  client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10737418240\r\n\r\n");
  EXPECT_TRUE(client.send(std::string(limits::request_body_bytes_max, 'x')));
  EXPECT_EQ(client.read_answer().status, 413);
}

TEST(Limits, AClientThatNeverStopsSendingIsCutOff) {
  ServerLimits limits = quick();
  limits.linger_bytes_max = 64 * 1024;
  TestServer server(echo, limits);
  Client client(server.port());
  client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10737418240\r\n\r\n");
  const std::string piece(64 * 1024, 'x');
  bool is_open = true;
  for (int i = 0; is_open && i < 10'000; ++i) is_open = client.send(piece);
  EXPECT_FALSE(is_open);
}

TEST(Limits, EndlessHeadersAreRefused) {
  TestServer server(echo);
  Client client(server.port());
  client.send("GET / HTTP/1.1\r\nHost: a\r\n");
  for (int i = 0; i < 30'000; ++i) {
    if (!client.send("x: y\r\n")) break;
  }
  EXPECT_EQ(client.read_answer().status, 413);
}

TEST(Limits, AnEndlessTargetIsRefused) {
  TestServer server(echo);
  Client client(server.port());
  client.send("GET /" + std::string(120 * 1024, 'x'));
  EXPECT_EQ(client.read_answer().status, 413);
}

TEST(Limits, ARefusalCarriesAFreshRequestId) {
  TestServer server(echo);
  const Answer answer = Client(server.port()).ask("GET / HTTP/1.0\r\n\r\n");
  const std::size_t at = answer.head.find("x-request-id: ");
  ASSERT_NE(at, std::string::npos);
  EXPECT_TRUE(Uuid::parse(answer.head.substr(at + 14, 36)));
}

TEST(Limits, ConnectionsBeyondTheirNumberAreClosedUntilOthersGo) {
  TestServer server(echo, quick(),
                    {.address = "127.0.0.1", .port = 0, .threads = 2, .connections_max = 2});
  Client first(server.port());
  ASSERT_EQ(first.ask(simple_get).status, 200);
  {
    Client second(server.port());
    ASSERT_EQ(second.ask(simple_get).status, 200);
    EXPECT_TRUE(Client(server.port()).is_closed());
  }
  bool is_served = false;
  const auto end = std::chrono::steady_clock::now() + testing::patience;
  while (!is_served && std::chrono::steady_clock::now() < end) {
    is_served = Client(server.port()).ask(simple_get).status == 200;
  }
  EXPECT_TRUE(is_served);
  EXPECT_EQ(first.ask(simple_get).status, 200);
}

TEST(Limits, AThousandIdleConnectionsDisturbNobody) {
  rlimit files{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &files), 0);
  files.rlim_cur = std::max(files.rlim_cur, std::min<rlim_t>(files.rlim_max, 4096));
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &files), 0);
  TestServer server(echo);
  std::vector<Client> idle;
  for (int i = 0; i < 1000; ++i) {
    idle.emplace_back(server.port());
    ASSERT_TRUE(idle.back().is_connected()) << i;
  }
  EXPECT_EQ(Client(server.port()).ask(simple_get).status, 200);
  for (auto& client : idle) ASSERT_EQ(client.ask(simple_get).status, 200);
}

TEST(Limits, WithoutDescriptorsAcceptingWaits) {
  ServerLimits limits = quick();
  limits.accept_retry_delay = 2ms;
  TestServer server(echo, limits);
  rlimit files{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &files), 0);
  const int lowest_free = ::dup(0);
  ASSERT_GE(lowest_free, 0);
  ::close(lowest_free);
  rlimit tight = files;
  tight.rlim_cur = rlim_t(lowest_free) + 1;  // for the client's own descriptor
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &tight), 0);
  Client client(server.port());
  ASSERT_TRUE(client.is_connected());
  client.send(simple_get);
  std::this_thread::sleep_for(soon);  // so that accepting fails at least once
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &files), 0);
  EXPECT_EQ(client.read_answer().status, 200);
}

TEST(Replying, WorksFromAnotherThread) {
  Held held;
  TestServer server(held.handler());
  Client client(server.port());
  for (int i = 0; i < 100; ++i) {
    client.send(simple_get);
    held.take().reply(response_of(std::to_string(i)));
    ASSERT_EQ(client.read_answer().body, std::to_string(i));
  }
}

TEST(Replying, Answers500WhenTheReplyIsDropped) {
  TestServer server([](Request, Reply) {});
  Client client(server.port());
  EXPECT_EQ(client.ask(simple_get).status, 500);
  EXPECT_EQ(client.ask(simple_get).status, 500);
}

TEST(Replying, RendersADroppedReplyAsAnInternalErrorOfTheRequest) {
  Held held;
  TestServer server(held.handler());
  Client client(server.port());
  client.send(simple_get);
  std::string id;
  {
    const auto pair = held.take();
    id = pair.request.request_id;
  }
  const Answer answer = client.read_answer();
  EXPECT_TRUE(answer.has("x-request-id: " + id + "\r\n"));
  EXPECT_EQ(answer.body, internal_error("").message);
}

TEST(Replying, Answers500WhenTheReplyIsDroppedOnAnotherThread) {
  Held held;
  TestServer server(held.handler());
  Client client(server.port());
  client.send(simple_get);
  { const auto pair = held.take(); }
  EXPECT_EQ(client.read_answer().status, 500);
}

TEST(Replying, Answers500WhenTheHandlerThrows) {
  TestServer server([](Request, Reply) { throw std::runtime_error("a defect"); });
  Client client(server.port());
  EXPECT_EQ(client.ask(simple_get).status, 500);
  EXPECT_EQ(client.ask(simple_get).status, 500);
}

TEST(Replying, Answers500InPlaceOfAnAnswerThatWouldSplit) {
  TestServer server([](Request, Reply reply) {
    Response response = response_of("");
    response.headers.add("x", "y\r\nSet-Cookie: z");
    reply(std::move(response));
  });
  const Answer answer = Client(server.port()).ask(simple_get);
  EXPECT_EQ(answer.status, 500);
  EXPECT_FALSE(answer.has("Set-Cookie"));
  EXPECT_EQ(answer.body, internal_error("").message);
}

TEST(Replying, IsHarmlessWhenTheClientHasGone) {
  Held held;
  TestServer server(held.handler());
  {
    Client client(server.port());
    client.send(simple_get);
    auto pair = held.take();
    { const Client gone = std::move(client); }
    pair.reply(response_of(std::string(limits::mebibyte, 'x')));
  }
  Client other(server.port());
  other.send(simple_get);
  held.take().reply(response_of("still here"));
  EXPECT_EQ(other.read_answer().body, "still here");
}

TEST(Replying, IsHarmlessWhenTheServerHasGone) {
  ServerLimits limits = quick();
  limits.shutdown_deadline = soon;
  Held held;
  std::vector<Held::Pair> kept;
  {
    TestServer server(held.handler(), limits);
    Client one(server.port()), two(server.port());
    one.send(simple_get);
    two.send(simple_get);
    kept.push_back(held.take());
    kept.push_back(held.take());
  }
  kept[0].reply(response_of("too late"));
  kept.clear();  // drops the other one
}

TEST(Stop, LetsARunningRequestFinishAndSaysClose) {
  Held held;
  TestServer server(held.handler(), quick());
  Client client(server.port());
  client.send(simple_get);
  auto pair = held.take();
  std::thread stopping([&] { server.stop(); });
  wait_for_end_of_listening(server.port());
  pair.reply(response_of("finished"));
  const Answer answer = client.read_answer();
  EXPECT_EQ(answer.body, "finished");
  EXPECT_TRUE(answer.has("Connection: close\r\n"));
  EXPECT_TRUE(client.is_closed());
  stopping.join();
}

TEST(Stop, LetsARequestThatIsBeingReadFinish) {
  TestServer server(echo, quick());
  Client client(server.port());
  client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n");
  ASSERT_EQ(client.read_head().status, 100);
  std::thread stopping([&] { server.stop(); });
  wait_for_end_of_listening(server.port());
  EXPECT_EQ(client.ask("abc").body, "POST /? abc");
  EXPECT_TRUE(client.is_closed());
  stopping.join();
}

TEST(Stop, ClosesIdleConnectionsAtOnce) {
  TestServer server(echo);
  Client client(server.port());
  ASSERT_EQ(client.ask(simple_get).status, 200);
  const auto begin = std::chrono::steady_clock::now();
  server.stop();
  EXPECT_LT(std::chrono::steady_clock::now() - begin, limits::shutdown_deadline / 2);
  EXPECT_TRUE(client.is_closed());
  EXPECT_FALSE(Client(server.port()).is_connected());
}

TEST(Stop, ClosesWhatDoesNotFinishInTime) {
  Held held;
  TestServer server(held.handler(), quick(&ServerLimits::shutdown_deadline));
  Client client(server.port());
  client.send(simple_get);
  const auto pair = held.take();
  server.stop();
  EXPECT_TRUE(client.is_closed());
}

TEST(Stop, MayBeCalledTwiceAndWithoutStart) {
  auto server = listen_on({.address = "127.0.0.1", .port = 0, .threads = 3});
  ASSERT_TRUE(server);
  (*server)->stop();
  (*server)->stop();
}

TEST(Stop, MayComeWhileManyConnect) {
  for (int round = 0; round < 10; ++round) {
    TestServer server(echo);
    std::thread connecting([port = server.port()] {
      while (Client(port).ask(simple_get).status == 200) continue;
    });
    Client(server.port()).ask(simple_get);
    server.stop();
    connecting.join();
  }
}

}  // namespace
}  // namespace hallmark::http
