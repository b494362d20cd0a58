#include "http/client.h"

#include <stdlib.h>

#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "base/test_support.h"
#include "http/testing.h"

namespace hallmark::http {
namespace {

using namespace std::chrono_literals;
using test::error_of;
using test::value_of;
using testing::echo;
using testing::Held;
using testing::response_of;
using testing::TestServer;

constexpr auto soon = 50ms;  // a deadline that a test waits for

std::string url_of(unsigned short port, std::string_view target) {
  return "http://127.0.0.1:" + std::to_string(port) + std::string(target);
}

// Listens, and leaves what comes in the kernel's queue or answers one request with given bytes.
class RawServer {
 public:
  RawServer() : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* const generic = reinterpret_cast<sockaddr*>(&address);
    CHECK(::bind(socket_, generic, size) == 0 && ::listen(socket_, 0) == 0);
    CHECK(::getsockname(socket_, generic, &size) == 0);
    port_ = ntohs(address.sin_port);
  }
  explicit RawServer(std::string answer) : RawServer() {
    thread_ = std::thread([this, text = std::move(answer)] { serve(text); });
  }
  ~RawServer() {
    ::shutdown(socket_, SHUT_RDWR);  // wakes accept()
    if (thread_.joinable()) thread_.join();
    ::close(socket_);
  }
  unsigned short port() const { return port_; }

 private:
  void serve(const std::string& answer) const {
    const int client = ::accept4(socket_, nullptr, nullptr, SOCK_CLOEXEC);
    if (client < 0) return;
    std::string request;
    char byte = 0;
    while (!request.ends_with("\r\n\r\n") && ::recv(client, &byte, 1, 0) == 1) request += byte;
    std::string_view rest = answer;
    while (!rest.empty()) {
      const ssize_t sent = ::send(client, rest.data(), rest.size(), MSG_NOSIGNAL);
      if (sent <= 0) break;
      rest.remove_prefix(std::size_t(sent));
    }
    ::close(client);
  }

  int socket_;
  unsigned short port_ = 0;
  std::thread thread_;
};

Result<ClientResponse> fetch_raw(std::string answer) {
  const RawServer server(std::move(answer));
  return fetch({.url = url_of(server.port(), "/")});
}

// Whatever the machine's environment says of proxies.
class Fetch : public ::testing::Test {
 protected:
  Fetch() {
    for (const auto* name :
         {"http_proxy", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"}) {
      ::unsetenv(name);
    }
  }
};

TEST_F(Fetch, SendsMethodTargetAndBodyAndBringsTheAnswer) {
  TestServer server(echo);
  for (const auto method : {Method::get, Method::put, Method::post, Method::del, Method::patch}) {
    for (const std::string body : {"", "content"}) {
      const auto response = value_of(
          fetch({.method = method, .url = url_of(server.port(), "/a/../b?c=%20"), .body = body}));
      EXPECT_EQ(response.status, 200);
      EXPECT_EQ(response.body, std::string(name_of(method)) + " /a/../b?c=%20 " + body);
      EXPECT_EQ(response.headers.find("server"), "hallmark");
    }
  }
}

TEST_F(Fetch, SendsFieldsAsTheyAreAndNoneOfItsOwnAboutTheBody) {
  Held held;
  TestServer server(held.handler());
  ClientRequest request{.method = Method::post, .url = url_of(server.port(), "/"), .body = "{}"};
  request.headers.add("X-Amz-Date", "20261122T090000Z");
  request.headers.add("X-Empty", "");
  std::thread answering([&] {
    auto pair = held.take();
    EXPECT_EQ(pair.request.headers.find("x-amz-date"), "20261122T090000Z");
    EXPECT_EQ(pair.request.headers.find("x-empty"), "");
    EXPECT_EQ(pair.request.headers.count("content-type"), 0u);
    EXPECT_EQ(pair.request.headers.find("content-length"), "2");
    pair.reply(response_of(""));
  });
  EXPECT_TRUE(fetch(request));
  answering.join();
}

TEST_F(Fetch, OfHeadBringsFieldsAlone) {
  TestServer server(echo);
  const auto response =
      value_of(fetch({.method = Method::head, .url = url_of(server.port(), "/x")}));
  EXPECT_EQ(response.body, "");
  EXPECT_EQ(response.headers.find("Content-Length"), "9");  // "HEAD /x? "
}

TEST_F(Fetch, GoesToAUnixSocketPastEveryProxy) {
  const test::TemporaryFolder folder;
  const std::string path = folder.path() / "admin.sock";
  TestServer server(echo, {}, {.threads = 1, .socket_path = path});
  ::setenv("http_proxy", "http://127.0.0.1:1", 1);
  const auto response = fetch({.url = "http://localhost/a?b", .unix_socket_path = path});
  ::unsetenv("http_proxy");
  EXPECT_EQ(value_of(response).body, "GET /a?b ");
}

TEST_F(Fetch, ReachesThisMachinePastEveryProxy) {
  TestServer server(echo);
  ::setenv("http_proxy", "http://127.0.0.1:1", 1);
  const auto response = fetch({.url = url_of(server.port(), "/a?b")});
  ::unsetenv("http_proxy");
  EXPECT_EQ(value_of(response).body, "GET /a?b ");
}

TEST_F(Fetch, FollowsNoRedirect) {
  TestServer server([](const Request& request, Reply reply) {
    Response response{.status = request.path == "/" ? 302 : 200, .headers = {}, .body = {}};
    response.headers.add("Location", "/elsewhere");
    reply(std::move(response));
  });
  const auto response = value_of(fetch({.url = url_of(server.port(), "/")}));
  EXPECT_EQ(response.status, 302);
  EXPECT_EQ(response.headers.find("location"), "/elsewhere");
}

TEST_F(Fetch, MayBeCalledByManyThreadsAtOnce) {
  TestServer server(echo);
  std::vector<std::thread> threads;
  threads.reserve(8);
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([target = "/" + std::to_string(i), port = server.port()] {
      for (int round = 0; round < 5; ++round) {
        EXPECT_EQ(value_of(fetch({.url = url_of(port, target)})).body, "GET " + target + "? ");
      }
    });
  }
  for (auto& thread : threads) thread.join();
}

TEST_F(Fetch, RefusesUrlsThatAreNotHttp) {
  for (const auto* url : {"file:///etc/passwd", "ftp://127.0.0.1/", "gopher://127.0.0.1/", "",
                          "127.0.0.1", "//127.0.0.1/", "httpx://127.0.0.1/", "http://",
                          "http://a b/", "http://127.0.0.1:99999/", "http://a/\r\nX: y"}) {
    EXPECT_EQ(error_of(fetch({.url = url})).kind, ErrorKind::invalid) << url;
  }
}

TEST_F(Fetch, RefusesAUrlWithAUserAndKeepsThePasswordToItself) {
  const Error error = error_of(fetch({.url = "http://user:secret@127.0.0.1:1/"}));
  EXPECT_EQ(error.kind, ErrorKind::invalid);
  EXPECT_EQ(describe(error).find("secret"), std::string::npos);
}

TEST_F(Fetch, RefusesFieldsThatWouldSplitTheRequestOrFrameIt) {
  const std::vector<Headers::Field> fields = {{"X", "a\r\nY: b"},
                                              {"X\r\nY", "b"},
                                              {"", "b"},
                                              {"X:", "b"},
                                              {"X", std::string("a\0b", 3)},
                                              {"Content-Length", "1"},
                                              {"transfer-encoding", "chunked"},
                                              {"Host", "a"}};
  for (const auto& [name, value] : fields) {
    ClientRequest request{.url = "http://127.0.0.1:1/"};
    request.headers.add(name, value);
    EXPECT_EQ(error_of(fetch(request)).kind, ErrorKind::invalid) << name;
  }
}

TEST_F(Fetch, RefusesHeadWithABody) {
  const auto response =
      fetch({.method = Method::head, .url = "http://127.0.0.1:1/", .body = "content"});
  EXPECT_EQ(error_of(response).kind, ErrorKind::invalid);
}

TEST_F(Fetch, TakesAnAnswerOfTheFullSizeAndNoByteMore) {
  TestServer server(
      [](const Request&, Reply reply) { reply(response_of(std::string(100'000, 'x'))); });
  const std::string url = url_of(server.port(), "/");
  EXPECT_EQ(value_of(fetch({.url = url, .response_bytes_max = 100'000})).body.size(), 100'000u);
  EXPECT_EQ(error_of(fetch({.url = url, .response_bytes_max = 99'999})).kind, ErrorKind::too_large);
}

TEST_F(Fetch, BoundsTheFieldsOfAnAnswer) {
  std::string answer = "HTTP/1.1 200 OK\r\n";
  for (int i = 0; i < 3000; ++i) answer += "X-Field: " + std::string(20, 'x') + "\r\n";
  EXPECT_EQ(error_of(fetch_raw(answer + "\r\n")).kind, ErrorKind::too_large);
}

TEST_F(Fetch, BoundsInterimAnswers) {
  std::string answer;
  for (int i = 0; i < 5000; ++i) answer += "HTTP/1.1 102 Processing\r\n\r\n";
  EXPECT_EQ(error_of(fetch_raw(answer)).kind, ErrorKind::too_large);
}

TEST_F(Fetch, LeavesInterimAnswersOut) {
  const auto response =
      value_of(fetch_raw("HTTP/1.1 103 Early Hints\r\nX: early\r\n\r\n"
                         "HTTP/1.1 200 OK\r\nY:  late \r\nContent-Length: 2\r\n\r\nok"));
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.headers.count("X"), 0u);
  EXPECT_EQ(response.headers.find("Y"), "late");
  EXPECT_EQ(response.body, "ok");
}

TEST_F(Fetch, TakesAnAnswerInChunks) {
  const auto response = fetch_raw(
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n1\r\nc\r\n0\r\n\r\n");
  EXPECT_EQ(value_of(response).body, "abc");
}

TEST_F(Fetch, LeavesTrailersOut) {
  const auto response =
      value_of(fetch_raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                         "1\r\na\r\n0\r\nX: late\r\n\r\n"));
  EXPECT_EQ(response.body, "a");
  EXPECT_EQ(response.headers.count("X"), 0u);
}

TEST_F(Fetch, SaysUnavailableOfAnAnswerThatIsCutOffOrNoHttp) {
  for (const auto* answer :
       {"", "HTTP/1.1 100 Continue\r\n\r\n", "HTTP/1.1 200 OK\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nab",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nab", "SSH-2.0-OpenSSH\r\n",
        "HTTP/1.1 200 OK\r\nno colon\r\n\r\n", "HTTP/1.1 200 OK\r\nA: b\r\n c: d\r\n\r\n"}) {
    EXPECT_EQ(error_of(fetch_raw(answer)).kind, ErrorKind::unavailable) << answer;
  }
}

TEST_F(Fetch, SaysUnavailableWhenNobodyListens) {
  unsigned short port = 0;
  {
    const RawServer gone;
    port = gone.port();
  }
  const Error error = error_of(fetch({.url = url_of(port, "/path?secret")}));
  EXPECT_EQ(error.kind, ErrorKind::unavailable);
  EXPECT_EQ(error.message, "The server cannot be reached.");
  EXPECT_NE(error.detail.find(url_of(port, "/path")), std::string::npos) << error.detail;
  EXPECT_EQ(error.detail.find("secret"), std::string::npos) << error.detail;
}

TEST_F(Fetch, SaysUnavailableWithoutASocketThere) {
  const test::TemporaryFolder folder;
  const std::string path = folder.path() / "admin.sock";
  const Error error = error_of(fetch({.url = "http://localhost/", .unix_socket_path = path}));
  EXPECT_EQ(error.kind, ErrorKind::unavailable);
  EXPECT_EQ(error.message, "The server cannot be reached.");
  EXPECT_NE(error.detail.find(path), std::string::npos) << error.detail;
}

TEST_F(Fetch, SaysUnavailableWhenNobodyAcceptsInTime) {
  const RawServer server;
  // The queue has one place: once it is taken, the kernel answers nobody.
  const testing::Client waiting(server.port());
  ASSERT_TRUE(waiting.is_connected());
  const Error error =
      error_of(fetch({.url = url_of(server.port(), "/"), .connect_deadline = soon}));
  EXPECT_EQ(error.kind, ErrorKind::unavailable);
  EXPECT_NE(error.message.find("in time"), std::string::npos) << error.message;
}

TEST_F(Fetch, SaysTooSlowWhenTheAnswerDoesNotComeInTime) {
  const RawServer server;  // the kernel takes connection and request, and nobody reads them
  const auto response = fetch({.url = url_of(server.port(), "/"), .request_deadline = 500ms});
  EXPECT_EQ(error_of(response).kind, ErrorKind::too_slow);
}

TEST_F(Fetch, TakesADeadlineOfNothingForTheShortestNotForNone) {
  const RawServer server;
  const auto response = fetch({.url = url_of(server.port(), "/"), .request_deadline = 0ms});
  EXPECT_FALSE(response);
}

// A source as the body.

ClientRequest put_of(const ReadAt& source, unsigned short port) {
  return {.method = Method::put,
          .url = url_of(port, "/"),
          .source_body = {.source = &source, .offset = 2, .length = 5}};
}

TEST_F(Fetch, SendsTheRangeOfASource) {
  TestServer server(echo);
  const MemoryReadAt source(bytes_of("0123456789"));
  EXPECT_EQ(value_of(fetch(put_of(source, server.port()))).body, "PUT /? 23456");
}

TEST_F(Fetch, SendsAnEmptyRange) {
  TestServer server(echo);
  const MemoryReadAt source(bytes_of("0123456789"));
  ClientRequest request = put_of(source, server.port());
  request.source_body.length = 0;
  EXPECT_EQ(value_of(fetch(request)).body, "PUT /? ");
}

TEST_F(Fetch, BringsTheErrorOfASourceAsItIs) {
  TestServer server(echo);
  const MemoryReadAt source(bytes_of("0123"));  // shorter than the range
  EXPECT_EQ(error_of(fetch(put_of(source, server.port()))).kind, ErrorKind::corrupt);
}

TEST_F(Fetch, SendsASourceWithPutAlone) {
  const MemoryReadAt source(bytes_of("0123456789"));
  ClientRequest request = put_of(source, 1);
  request.body = "another";
  EXPECT_EQ(error_of(fetch(request)).kind, ErrorKind::invalid);
  request.body = "";
  request.method = Method::post;
  EXPECT_EQ(error_of(fetch(request)).kind, ErrorKind::invalid);
}

// Connections that are kept.

TEST_F(Fetch, AClientAsksOneServerAgainAndAgain) {
  Held held;
  TestServer server(held.handler());
  Client client(1);
  std::vector<std::string> bodies;
  std::thread answering([&] {
    for (int i = 0; i < 2; ++i) {
      auto pair = held.take();
      pair.reply(response_of(pair.request.body));
    }
  });
  for (const char* body : {"one", "two"}) {
    ClientRequest request{.method = Method::post, .url = url_of(server.port(), "/"), .body = body};
    bodies.push_back(value_of(client.fetch(request)).body);
  }
  answering.join();
  EXPECT_EQ(bodies, (std::vector<std::string>{"one", "two"}));
}

TEST_F(Fetch, AClientSendsASourceAnewWhenTheKeptConnectionIsDead) {
  Client client(1);
  const MemoryReadAt source(bytes_of("0123456789"));
  unsigned short port = 0;
  {
    TestServer server(echo);
    port = server.port();
    value_of(client.fetch(put_of(source, port)));
  }
  TestServer server(echo, {}, {.address = "127.0.0.1", .port = port, .threads = 1});
  EXPECT_EQ(value_of(client.fetch(put_of(source, port))).body, "PUT /? 23456");
}

TEST_F(Fetch, AClientRemembersNothingOfARequestForTheNext) {
  TestServer server(echo);
  Client client(1);
  value_of(client.fetch({.method = Method::head, .url = url_of(server.port(), "/a")}));
  EXPECT_EQ(value_of(client.fetch({.url = url_of(server.port(), "/b")})).body, "GET /b? ");
}

}  // namespace
}  // namespace hallmark::http
