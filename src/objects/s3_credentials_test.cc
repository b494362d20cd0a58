#include "objects/s3_credentials.h"

#include <gtest/gtest.h>

#include <fstream>
#include <map>

#include "objects/s3_objects.h"
#include "objects/test_s3_server.h"

namespace hallmark::objects {
namespace {

using hallmark::test::error_of;
using hallmark::test::value_of;
using test::FakeS3;
using namespace std::chrono_literals;

class S3CredentialsTest : public testing::Test {
 protected:
  S3CredentialsTest() {
    write("secret", "the secret\n");
    write("token", "the.web.token\n");
    sts_.set_script([this](const http::Request& request, int) { return answer(request); });
  }

  void write(const std::string& name, std::string_view text) {
    std::ofstream(folder_.path() / name) << text;
  }
  http::Response answer(const http::Request& request) {
    asked_ = request;
    if (is_down_) return FakeS3::error(500, "InternalError");
    return FakeS3::xml(fmt::format(
        "<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>ASIA{}</AccessKeyId>"
        "<SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken><Expiration>{}"
        "</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>",
        ++given_, to_rfc3339(clock_.now() + 1h)));
  }
  std::string sts_url() const { return fmt::format("http://127.0.0.1:{}", sts_.port()); }
  Result<std::unique_ptr<CredentialSource>> make(const S3Identity& identity) {
    const Environment environment = [this](const char* name) { return environment_[name]; };
    return make_credentials({identity, "eu-central-1", {}, environment, clock_});
  }
  std::unique_ptr<CredentialSource> web_identity() {
    return value_of(make({.role_arn = "arn:aws:iam::111122223333:role/a",
                          .web_identity_token_file = folder_.path() / "token",
                          .sts_url = sts_url()}));
  }

  hallmark::test::TemporaryFolder folder_;
  hallmark::test::TestClock clock_;
  std::map<std::string, std::string> environment_;
  http::Request asked_;
  int given_ = 0;
  bool is_down_ = false;
  FakeS3 sts_;
};

TEST_F(S3CredentialsTest, AreThoseOfTheConfiguration) {
  environment_ = {{"AWS_ACCESS_KEY_ID", "other"}, {"AWS_SECRET_ACCESS_KEY", "other"}};
  const auto source = value_of(
      make({.access_key_id = "AKID", .secret_access_key_file = folder_.path() / "secret"}));
  const auto credentials = value_of(source->get());
  EXPECT_EQ(credentials->access_key_id, "AKID");
  EXPECT_EQ(text_of(credentials->secret_access_key.reveal()), "the secret");
  EXPECT_EQ(credentials->session_token, "");
}

TEST_F(S3CredentialsTest, AreThoseOfTheEnvironment) {
  environment_ = {{"AWS_ACCESS_KEY_ID", "AKID"},
                  {"AWS_SECRET_ACCESS_KEY", "secret"},
                  {"AWS_SESSION_TOKEN", "token"}};
  const auto credentials = value_of(value_of(make({}))->get());
  EXPECT_EQ(credentials->access_key_id, "AKID");
  EXPECT_EQ(credentials->session_token, "token");
}

TEST_F(S3CredentialsTest, AreMissedAtOnce) {
  EXPECT_EQ(error_of(make({})).kind, ErrorKind::invalid);
  EXPECT_EQ(error_of(make({.access_key_id = "AKID"})).kind, ErrorKind::invalid);
  EXPECT_EQ(
      error_of(make({.access_key_id = "a", .secret_access_key_file = folder_.path() / "no"})).kind,
      ErrorKind::invalid);
  environment_ = {{"AWS_WEB_IDENTITY_TOKEN_FILE", "/a/file"}};
  EXPECT_EQ(error_of(make({})).kind, ErrorKind::invalid) << "there is no role";
}

TEST_F(S3CredentialsTest, AreThoseOfARoleForAWebIdentity) {
  const auto credentials = value_of(web_identity()->get());
  EXPECT_EQ(credentials->access_key_id, "ASIA1");
  EXPECT_EQ(credentials->session_token, "t");
  EXPECT_EQ(asked_.body,
            "Action=AssumeRoleWithWebIdentity&Version=2011-06-15&RoleArn=arn%3Aaws%3Aiam%3A%3A"
            "111122223333%3Arole%2Fa&RoleSessionName=hallmark&DurationSeconds=3600"
            "&WebIdentityToken=the.web.token");
  EXPECT_EQ(asked_.headers.count("authorization"), 0u);
}

TEST_F(S3CredentialsTest, AreThoseOfARoleThatTheEnvironmentNames) {
  environment_ = {{"AWS_WEB_IDENTITY_TOKEN_FILE", folder_.path() / "token"},
                  {"AWS_ROLE_ARN", "arn:aws:iam::111122223333:role/b"}};
  value_of(value_of(make({.sts_url = sts_url()}))->get());
  EXPECT_NE(asked_.body.find("role%2Fb"), std::string::npos);
}

TEST_F(S3CredentialsTest, AreThoseOfARoleThatAnAccessKeyAssumes) {
  const auto source = value_of(make({.access_key_id = "AKID",
                                     .secret_access_key_file = folder_.path() / "secret",
                                     .role_arn = "arn:aws:iam::111122223333:role/a",
                                     .external_id = "an id",
                                     .sts_url = sts_url()}));
  EXPECT_EQ(value_of(source->get())->access_key_id, "ASIA1");
  EXPECT_NE(asked_.body.find("Action=AssumeRole&"), std::string::npos);
  EXPECT_NE(asked_.body.find("&ExternalId=an%20id"), std::string::npos);
  const std::string authorization(asked_.headers.find("authorization").value_or(""));
  EXPECT_NE(authorization.find("Credential=AKID/20261122/eu-central-1/sts/aws4_request"),
            std::string::npos);
}

TEST_F(S3CredentialsTest, AreKeptUntilShortlyBeforeTheirEnd) {
  const auto source = web_identity();
  value_of(source->get());
  clock_.advance(54min);
  EXPECT_EQ(value_of(source->get())->access_key_id, "ASIA1");
  clock_.advance(2min);
  EXPECT_EQ(value_of(source->get())->access_key_id, "ASIA2");
}

TEST_F(S3CredentialsTest, AreRenewedWithTheTokenOfThatTime) {
  const auto source = web_identity();
  value_of(source->get());
  write("token", "another");
  clock_.advance(56min);
  value_of(source->get());
  EXPECT_NE(asked_.body.find("WebIdentityToken=another"), std::string::npos);
}

TEST_F(S3CredentialsTest, AreUsedToTheirEndWhenTheyCannotBeRenewed) {
  const auto source = web_identity();
  value_of(source->get());
  is_down_ = true;
  clock_.advance(56min);
  EXPECT_EQ(value_of(source->get())->access_key_id, "ASIA1");
  clock_.advance(5min);
  EXPECT_EQ(error_of(source->get()).kind, ErrorKind::unavailable);
  is_down_ = false;
  EXPECT_EQ(value_of(source->get())->access_key_id, "ASIA2");
}

TEST_F(S3CredentialsTest, AreRenewedWhenTheServerCallsThemExpired) {
  const auto source = web_identity();
  value_of(source->get());
  source->expire();
  EXPECT_EQ(value_of(source->get())->access_key_id, "ASIA2");
}

TEST_F(S3CredentialsTest, ThatExpiredAreReplacedWithinARequest) {
  FakeS3 server;
  server.set_script([](const http::Request& request, int) {
    const std::string authorization(request.headers.find("authorization").value_or(""));
    const bool is_first = authorization.find("ASIA1") != std::string::npos;
    return is_first ? FakeS3::error(403, "ExpiredToken")
                    : FakeS3::xml("<VersioningConfiguration/>");
  });
  hallmark::test::CountingRandom random;
  S3Client client({value_of(S3Endpoint::parse(server.url())), web_identity(), clock_, random});
  const S3Bucket bucket(client, "bucket", {});
  EXPECT_EQ(value_of(bucket.versioning()), Versioning::never);
  EXPECT_EQ(given_, 2);
}

}  // namespace
}  // namespace hallmark::objects
