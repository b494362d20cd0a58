// Whom the client trusts, judged with OpenSSL's own server.
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/test_support.h"
#include "http/client.h"

namespace hallmark::http {
namespace {

using test::error_of;
using test::value_of;

// `openssl s_server`, which answers every GET with a page of its own.
class TlsServer {
 public:
  // Options as the manual of s_server has them; they choose the certificate.
  explicit TlsServer(std::vector<std::string> options) {
    std::vector<std::string> words = {"openssl", "s_server", "-accept", "127.0.0.1:0", "-www"};
    words.insert(words.end(), options.begin(), options.end());
    std::vector<char*> arguments;
    arguments.reserve(words.size() + 1);
    for (std::string& word : words) arguments.push_back(word.data());
    arguments.push_back(nullptr);

    int ends[2];
    CHECK(::pipe2(ends, O_CLOEXEC) == 0);
    posix_spawn_file_actions_t actions;
    CHECK(::posix_spawn_file_actions_init(&actions) == 0);
    CHECK(::posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO) == 0);
    CHECK(::posix_spawn_file_actions_adddup2(&actions, ends[1], STDERR_FILENO) == 0);
    CHECK(::posix_spawnp(&process_, words[0].c_str(), &actions, nullptr, arguments.data(),
                         ::environ) == 0);
    CHECK(::posix_spawn_file_actions_destroy(&actions) == 0);
    ::close(ends[1]);
    output_.reset(::fdopen(ends[0], "r"));
    CHECK(output_);
    wait_for_port();
  }
  ~TlsServer() {
    ::kill(process_, SIGKILL);
    ::waitpid(process_, nullptr, 0);
  }
  TlsServer(const TlsServer&) = delete;
  TlsServer& operator=(const TlsServer&) = delete;

  std::string url(const std::string& host) const { return "https://" + host + ":" + port_ + "/"; }

 private:
  // "ACCEPT 127.0.0.1:43210"
  void wait_for_port() {
    std::string output;
    char line[256];
    while (std::fgets(line, sizeof line, output_.get()) != nullptr) {
      output += line;
      if (!std::string_view(line).starts_with("ACCEPT ")) continue;
      port_ = output.substr(output.rfind(':') + 1);
      port_.pop_back();
      return;
    }
    ADD_FAILURE() << output;
  }

  struct Closes {
    void operator()(FILE* file) const noexcept { std::fclose(file); }
  };
  pid_t process_ = 0;
  std::unique_ptr<FILE, Closes> output_;
  std::string port_;
};

class FetchOverTls : public ::testing::Test {
 protected:
  FetchOverTls() {
    for (const auto* name : {"https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"}) {
      ::unsetenv(name);
    }
    const auto made = test::run(
        "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 "
        "-nodes -days 2 -subj /CN=test -addext subjectAltName=IP:127.0.0.1 "
        "-keyout " +
        key_ + " -out " + certificate_);
    CHECK(made.status == 0);
  }
  std::vector<std::string> options(std::vector<std::string> more = {}) const {
    more.insert(more.end(), {"-key", key_, "-cert", certificate_});
    return more;
  }

  const test::TemporaryFolder folder_;
  const std::string key_ = folder_.path() / "key.pem";
  const std::string certificate_ = folder_.path() / "certificate.pem";
};

TEST_F(FetchOverTls, TrustsTheAuthoritiesOfTheFile) {
  const TlsServer server(options());
  const auto response = value_of(fetch({.url = server.url("127.0.0.1"), .ca_file = certificate_}));
  EXPECT_EQ(response.status, 200);
  EXPECT_NE(response.body.find("s_server"), std::string::npos) << response.body;
}

TEST_F(FetchOverTls, TrustsNobodyElse) {
  const TlsServer server(options());
  const Error error = error_of(fetch({.url = server.url("127.0.0.1")}));
  EXPECT_EQ(error.kind, ErrorKind::unavailable);
  EXPECT_NE(error.message.find("not trusted"), std::string::npos) << describe(error);
}

TEST_F(FetchOverTls, HoldsTheCertificateAgainstTheHostName) {
  const TlsServer server(options());
  const Error error = error_of(fetch({.url = server.url("localhost"), .ca_file = certificate_}));
  EXPECT_EQ(error.kind, ErrorKind::unavailable);
  EXPECT_NE(error.message.find("not trusted"), std::string::npos) << describe(error);
}

TEST_F(FetchOverTls, RefusesVersionsThatAreBroken) {
  const TlsServer server(options({"-tls1_1", "-cipher", "ALL:@SECLEVEL=0"}));
  const auto response = fetch({.url = server.url("127.0.0.1"), .ca_file = certificate_});
  EXPECT_EQ(error_of(response).kind, ErrorKind::unavailable);
}

TEST_F(FetchOverTls, ShowsItsCertificateToWhoAsks) {
  const TlsServer server(
      options({"-Verify", "1", "-verify_return_error", "-CAfile", certificate_}));
  ClientRequest request = {.url = server.url("127.0.0.1"), .ca_file = certificate_};
  EXPECT_FALSE(fetch(request));
  request.certificate_file = certificate_;
  request.key_file = key_;
  EXPECT_EQ(value_of(fetch(request)).status, 200);
}

TEST_F(FetchOverTls, SaysThatItsOwnCertificateCannotBeUsed) {
  const TlsServer server(options());
  for (const auto& [certificate, key] : {std::pair(key_ + ".none", key_), {certificate_, ""}}) {
    const auto response = fetch({.url = server.url("127.0.0.1"),
                                 .ca_file = certificate_,
                                 .certificate_file = certificate,
                                 .key_file = key});
    const Error error = error_of(response);
    EXPECT_EQ(error.kind, ErrorKind::invalid) << describe(error);
    EXPECT_NE(error.message.find("client's certificate"), std::string::npos) << error.message;
  }
}

TEST_F(FetchOverTls, SaysThatTheFileOfAuthoritiesIsMissing) {
  const TlsServer server(options());
  const auto response = fetch({.url = server.url("127.0.0.1"), .ca_file = key_ + ".none"});
  EXPECT_EQ(error_of(response).kind, ErrorKind::invalid);
}

}  // namespace
}  // namespace hallmark::http
