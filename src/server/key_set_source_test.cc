#include "server/key_set_source.h"

#include <gtest/gtest.h>

#include "base/file.h"
#include "base/limits.h"
#include "crypto/random.h"
#include "http/server.h"
#include "identity/test_issuer.h"

namespace hallmark::server {
namespace {

using hallmark::test::error_of;
using hallmark::test::value_of;

class KeySetSourceTest : public testing::Test {
 protected:
  hallmark::test::TemporaryFolder folder_;
  hallmark::test::TestClock clock_;
  identity::test::TestIssuer issuer_;
  const std::filesystem::path file_ = folder_.path() / "keys.json";

  void write(std::string_view content) {
    ASSERT_TRUE(write_file_durably(file_, bytes_of(content), 0600));
  }
  WebIdentityIssuer from_file() const {
    return {.issuer = issuer_.url, .key_set_file = file_, .audiences = {"hallmark"}};
  }
};

TEST_F(KeySetSourceTest, AFileIsReadAnewEachTime) {
  const auto source = key_set_source(from_file());
  write("one");
  EXPECT_EQ(value_of(source->fetch()), "one");
  write("two");
  EXPECT_EQ(value_of(source->fetch()), "two");
}

TEST_F(KeySetSourceTest, AFileThatIsMissingOrTooLargeIsAnError) {
  const auto source = key_set_source(from_file());
  EXPECT_FALSE(source->fetch());
  write(std::string(limits::key_set_bytes_max + 1, ' '));
  EXPECT_FALSE(source->fetch());
}

TEST_F(KeySetSourceTest, AConfiguredIssuerIsTrusted) {
  write(value_of(issuer_.published->document));
  const auto identities = value_of(configured_web_identities({from_file()}, clock_));
  EXPECT_EQ(value_of(identities->verify(issuer_.token(clock_.now()))).subject, "project:7");
}

TEST_F(KeySetSourceTest, WithoutAFileNoTokenIsTrusted) {
  const auto identities = value_of(configured_web_identities({from_file()}, clock_));
  EXPECT_EQ(error_of(identities->verify(issuer_.token(clock_.now()))).reason,
            "IDPCommunicationError");
}

// A server on this machine that publishes keys.
class KeySetUrlTest : public KeySetSourceTest {
 protected:
  KeySetUrlTest() { server_->start(); }

  http::Response answer_{.status = 200, .headers = {}, .body = "{}"};
  crypto::SystemRandom random_;
  http::Handler handler_ = [this](const http::Request&, http::Reply reply) { reply(answer_); };
  http::RefusalRenderer refuse_ = [](const Error&, std::string_view) {
    return http::Response{.status = 400, .headers = {}, .body = {}};
  };
  std::unique_ptr<http::Server> server_ =
      value_of(http::Server::listen({.threads = 1}, handler_, refuse_, clock_, random_));

  WebIdentityIssuer from_url() const {
    return {.issuer = issuer_.url,
            .key_set_url = fmt::format("http://127.0.0.1:{}/keys", server_->port()),
            .audiences = {"hallmark"}};
  }
  Result<std::string> fetch() const { return key_set_source(from_url())->fetch(); }
};

TEST_F(KeySetUrlTest, AUrlIsAsked) {
  answer_.body = value_of(issuer_.published->document);
  EXPECT_EQ(value_of(fetch()), answer_.body);
  const auto identities = value_of(configured_web_identities({from_url()}, clock_));
  EXPECT_TRUE(identities->verify(issuer_.token(clock_.now())));
}

TEST_F(KeySetUrlTest, OnlyAnAnswerOf200Counts) {
  for (const int status : {204, 301, 302, 404, 500}) {
    answer_ = {.status = status, .headers = {}, .body = {}};
    EXPECT_EQ(error_of(fetch()).kind, ErrorKind::unavailable) << status;
  }
}

TEST_F(KeySetUrlTest, AnAnswerIsBounded) {
  answer_.body = std::string(limits::key_set_bytes_max + 1, ' ');
  EXPECT_EQ(error_of(fetch()).kind, ErrorKind::too_large);
}

TEST_F(KeySetUrlTest, AServerThatIsAwayIsAnError) {
  const auto source = key_set_source(from_url());
  server_->stop();
  EXPECT_FALSE(source->fetch());
}

}  // namespace
}  // namespace hallmark::server
