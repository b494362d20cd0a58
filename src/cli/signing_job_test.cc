// What a job's client believes of a server.
#include "cli/signing_job.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "base/test_support.h"
#include "http/testing.h"

namespace hallmark::cli {
namespace {

using hallmark::test::error_of;
using hallmark::test::value_of;

class Patient final : public JobWatcher {
 public:
  void waiting(std::string_view, std::chrono::seconds) override {}
};

// A job that a server ends at once, and says to have signed to the given place.
Result<FinishedJob> signed_to(std::string_view bucket, std::string_view key) {
  const std::string described = fmt::format(
      R"({{"jobId":"1","status":"Succeeded","signedObject":{{"s3":{{"bucketName":"{}","key":"{}"}}}}}})",
      bucket, key);
  http::testing::TestServer server([&](const http::Request&, http::Reply reply) {
    reply(http::testing::response_of(described));
  });
  const SystemClock clock;
  const ApiClient client({.endpoint = fmt::format("http://127.0.0.1:{}", server.port()),
                          .region = "us-east-1",
                          .access_key_id = "AKIAONE",
                          .secret_access_key = Secret(bytes_of("secret")),
                          .session_token = {},
                          .ca_file = {}},
                         clock);
  Patient watcher;
  return sign_object(client,
                     {.profile = "Release",
                      .source = {"hallmark-sign", "folder/app.zip", "1"},
                      .destination_bucket = "hallmark-sign",
                      .destination_prefix = "folder/signed/",
                      .timeout = std::chrono::seconds(60)},
                     watcher);
}

TEST(SigningJob, ItsSignedObjectIsAtTheDestination) {
  EXPECT_EQ(value_of(signed_to("hallmark-sign", "folder/signed/1.zip")).key, "folder/signed/1.zip");
}

TEST(SigningJob, AnObjectElsewhereIsNotBelieved) {
  for (const auto& [bucket, key] :
       std::vector<std::pair<std::string, std::string>>{{"others", "folder/signed/1.zip"},
                                                        {"hallmark-sign", "folder/app.zip"},
                                                        {"hallmark-sign", "folder/signed"},
                                                        {"hallmark-sign", ""}}) {
    const Error refused = error_of(signed_to(bucket, key));
    EXPECT_NE(refused.message.find("is not at the destination"), std::string::npos)
        << refused.message;
  }
}

}  // namespace
}  // namespace hallmark::cli
