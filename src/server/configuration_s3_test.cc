#include <gtest/gtest.h>

#include "base/test_support.h"
#include "server/configuration.h"
#include "server/object_store.h"

namespace hallmark::server {
namespace {

using test::error_of;
using test::value_of;

Result<Configuration> parse(std::string_view toml) {
  return Configuration::parse(toml, {"/etc/hallmark.toml", {}});
}

constexpr std::string_view whole = R"(
objects = "s3:https://s3.example.com?region=eu-central-1"
[s3]
virtual_host_style = true
expected_bucket_owner = false
ca_file = "ca.pem"
access_key_id = "AKID"
secret_access_key_file = "secret"
role_arn = "arn:aws:iam::111122223333:role/a"
external_id = "id"
sts_url = "https://sts.example.com"
[s3.buckets]
"release.inbox" = "111122223333"
)";

TEST(S3Configuration, IsRead) {
  const auto configuration = value_of(parse(whole));
  EXPECT_EQ(configuration.objects, "s3:https://s3.example.com?region=eu-central-1");
  EXPECT_EQ(configuration.s3, (S3Settings{.buckets = {{"release.inbox", "111122223333"}},
                                          .virtual_host_style = true,
                                          .expected_bucket_owner = false,
                                          .ca_file = "/etc/ca.pem",
                                          .access_key_id = "AKID",
                                          .secret_access_key_file = "/etc/secret",
                                          .role_arn = "arn:aws:iam::111122223333:role/a",
                                          .external_id = "id",
                                          .sts_url = "https://sts.example.com"}));
}

TEST(S3Configuration, IsAFileThatReadsBack) {
  const auto configuration = value_of(parse(whole));
  EXPECT_EQ(value_of(parse(configuration.settings())), configuration);
}

TEST(S3Configuration, IsRefusedWhenItIsWrong) {
  for (const char* toml :
       {"objects = \"s3:http://10.0.0.1\"", "objects = \"https://s3.example.com\"",
        "objects = \"\"", "[s3.buckets]\nab = \"111122223333\"", "[s3.buckets]\nbucket = \"1111\"",
        "[s3.buckets]\nbucket = 1", "[s3]\naccess_key_id = \"a\"",
        "[s3]\nsecret_access_key_file = \"a\"", "[s3]\nsecret_access_key = \"a\"",
        "[s3]\nweb_identity_token_file = \"a\"", "[s3]\nsts_url = \"https://a/b\"",
        "[s3]\nsts_url = \"http://a\"", "s3 = 1"}) {
    EXPECT_EQ(error_of(parse(toml)).kind, ErrorKind::invalid) << toml;
  }
}

TEST(ObjectStore, OnS3WantsTheSecretsFile) {
  const test::TemporaryFolder folder;
  const test::TestClock clock;
  test::CountingRandom random;
  const auto settings = value_of(parse(whole));
  const auto opened = open_objects({settings.objects, settings.s3}, {folder.path()}, clock, random);
  EXPECT_EQ(error_of(opened).kind, ErrorKind::invalid);
}

TEST(ObjectStore, IsInTheDataDirectoryByDefault) {
  const test::TemporaryFolder folder;
  const test::TestClock clock;
  test::CountingRandom random;
  const auto objects = value_of(open_objects({}, {folder.path()}, clock, random));
  EXPECT_EQ(value_of(objects->find_bucket_owner("bucket")), std::nullopt);
}

}  // namespace
}  // namespace hallmark::server
