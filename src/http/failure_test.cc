// What throws inside the server ends one connection at most, and leaves nothing behind.
#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <iterator>
#include <memory>
#include <new>
#include <stdexcept>
#include <string>
#include <thread>

#include <gtest/gtest.h>

#include "http/testing.h"

namespace hallmark::http {
namespace {

// Allocations that still succeed on threads that are not spared; negative: all do.
std::atomic<long> allocations_left = -1;
thread_local bool is_spared = false;

bool fails_now() { return !is_spared && allocations_left >= 0 && allocations_left-- == 0; }

}  // namespace
}  // namespace hallmark::http

// The allocations of this program. Asio's own take the last way.
[[gnu::noinline]] void* operator new(std::size_t bytes) {
  void* const memory = hallmark::http::fails_now() ? nullptr : std::malloc(bytes > 0 ? bytes : 1);
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}
[[gnu::noinline]] void operator delete(void* memory) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
extern "C" void* aligned_alloc(std::size_t alignment, std::size_t bytes) noexcept {
  void* memory = nullptr;
  if (hallmark::http::fails_now()) return nullptr;
  return ::posix_memalign(&memory, alignment, bytes) == 0 ? memory : nullptr;
}

namespace hallmark::http {
namespace {

using namespace std::chrono_literals;
using testing::Client;
using testing::echo;
using testing::Held;
using testing::response_of;
using testing::simple_get;

class FaultyClock final : public Clock {
 public:
  Timestamp now() const override {
    if (is_broken) throw std::runtime_error("no time");
    return clock_.now();
  }
  std::atomic<bool> is_broken = false;

 private:
  SystemClock clock_;
};

class FaultyRandom final : public Random {
 public:
  void fill(MutableByteView bytes) override {
    if (is_broken) throw std::runtime_error("no randomness");
    random_.fill(bytes);
  }
  std::atomic<bool> is_broken = false;

 private:
  testing::CountingRandom random_;
};

// Its one place for a connection shows whether the one before has gone. No deadline strikes before
// a test gives up, but those that it sets.
class Failure : public ::testing::Test {
 protected:
  Failure() {
    limits_.sweep_interval = 2ms;
    limits_.first_byte_deadline = limits_.idle_deadline = limits_.header_deadline = 10min;
    limits_.body_deadline = limits_.body_grace = limits_.linger_deadline = 10min;
  }

  void start(Handler handler) {
    handler_ = std::move(handler);
    auto server =
        listen_with({.address = "127.0.0.1", .port = 0, .threads = 1, .connections_max = 1},
                    {handler_, refuse_, clock_, random_, limits_});
    ASSERT_TRUE(server) << describe(server.error());
    server_ = *std::move(server);
    server_->start();
  }

  void expect_closed(Client& client) {
    EXPECT_TRUE(client.is_closed());
    clock_.is_broken = random_.is_broken = false;
    EXPECT_TRUE(is_served());
  }

  bool is_served() {
    const auto end = std::chrono::steady_clock::now() + testing::patience;
    while (std::chrono::steady_clock::now() < end) {
      if (Client(server_->port()).ask("BAD\r\n\r\n").status != 0) return true;
    }
    return false;
  }

  ServerLimits limits_;
  FaultyClock clock_;
  FaultyRandom random_;
  Handler handler_;
  RefusalRenderer refuse_ = [](const Error& error, std::string_view) {
    return Response{.status = testing::status_of(error.kind), .headers = {}, .body = {}};
  };
  std::unique_ptr<Server> server_;
};

TEST_F(Failure, WhileTheHeaderIsReadCloses) {
  start(echo);
  Client client(server_->port());
  random_.is_broken = true;
  client.send("BAD\r\n\r\n");
  expect_closed(client);
}

TEST_F(Failure, WhileTheBodyIsReadCloses) {
  limits_.body_deadline = 20ms;
  start(echo);
  Client client(server_->port());
  random_.is_broken = true;
  client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nab");
  expect_closed(client);
}

TEST_F(Failure, BeforeTheHandlerIsCalledCloses) {
  start(echo);
  Client client(server_->port());
  random_.is_broken = true;
  client.send(simple_get);
  expect_closed(client);
}

TEST_F(Failure, WhileAnAnswerIsMadeInTheHandlerCloses) {
  start([this](const Request& request, Reply reply) {
    clock_.is_broken = true;
    echo(request, std::move(reply));
  });
  Client client(server_->port());
  client.send(simple_get);
  expect_closed(client);
}

TEST_F(Failure, WhileAnAnswerIsMadeElsewhereCloses) {
  Held held;
  start(held.handler());
  Client client(server_->port());
  client.send(simple_get);
  auto pair = held.take();
  clock_.is_broken = true;
  pair.reply(response_of(""));
  expect_closed(client);
}

TEST_F(Failure, OfTheHandlerAndOfWhatWouldSaySoCloses) {
  start([this](const Request&, const Reply&) {
    clock_.is_broken = true;
    throw std::runtime_error("a defect");
  });
  Client client(server_->port());
  client.send(simple_get);
  expect_closed(client);
}

TEST_F(Failure, OfTheRendererIsAnsweredWithoutABody) {
  refuse_ = [](const Error&, std::string_view) -> Response {
    throw std::runtime_error("a defect");
  };
  start([](const Request&, const Reply&) {});
  Client client(server_->port());
  const auto answer = client.ask(simple_get);
  EXPECT_EQ(answer.status, 500);
  EXPECT_EQ(answer.body, "");
  EXPECT_EQ(client.ask(simple_get).status, 500);
}

TEST_F(Failure, OfTheRendererToMakeWhatCanBeSentCloses) {
  refuse_ = [](const Error&, std::string_view) {
    return Response{.status = 1000, .headers = {}, .body = {}};
  };
  start([](const Request&, const Reply&) {});
  Client client(server_->port());
  client.send(simple_get);
  EXPECT_TRUE(client.is_closed());
}

// Requests that are answered in the handler and on another thread, then one that is refused.
constexpr std::size_t body_bytes = 40 * 1024;
std::string conversation() {
  return "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: " + std::to_string(body_bytes) +
         "\r\n\r\n" + std::string(body_bytes, 'x') +
         "GET /elsewhere HTTP/1.1\r\nHost: a\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\nBAD\r\n\r\n";
}

void answer_somewhere(Request request, Reply reply) {
  if (request.path != "/elsewhere") return reply(response_of(std::move(request.body)));
  std::thread([&] { reply(response_of("")); }).join();
}

TEST_F(Failure, OfAnyOneAllocationLeavesNoConnectionBehind) {
  start(&answer_somewhere);
  const std::string text = conversation();
  ASSERT_TRUE(is_served());
  is_spared = true;
  long failures = 0;
  for (bool is_whole = false; !is_whole && failures < 10'000;) {
    Client client(server_->port());
    allocations_left = failures;
    client.send(text.substr(0, body_bytes / 2));
    client.send(text.substr(body_bytes / 2));
    const auto answers = client.read_to_end();
    const bool has_failed = allocations_left.exchange(-1) < 0;
    ASSERT_TRUE(answers) << "allocation " << failures;
    { const Client gone = std::move(client); }
    ASSERT_TRUE(is_served()) << "allocation " << failures;
    if (has_failed) ++failures;
    // Else it found the only place still taken, or there is no such allocation.
    is_whole = !has_failed && answers->find("HTTP/1.1 400 ") != std::string::npos;
  }
  is_spared = false;
  EXPECT_GT(failures, 20);
  EXPECT_LT(failures, 10'000);
}

}  // namespace
}  // namespace hallmark::http
