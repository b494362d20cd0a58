// An S3 back end on a small server of the test's own. Only for tests.
#pragma once

#include <fstream>
#include <functional>
#include <memory>
#include <string>

#include "base/test_support.h"
#include "objects/s3_objects.h"
#include "objects/test_s3_server.h"

namespace hallmark::objects::test {

struct TestS3Options {
  S3Limits limits = {};
  S3Patience patience = {};
  // Where the server seems to be: a proxy before it. Not set: where it is.
  std::function<std::string(unsigned short port)> url_of = {};
  Addressing addressing = Addressing::path;
  OwnerCheck owner_check = OwnerCheck::told;
};

// Without waiting between attempts.
class TestS3 {
 public:
  explicit TestS3(TestS3Options options = {}) {
    options.patience.wait = [this](std::chrono::milliseconds) { ++waits; };
    std::ofstream(folder_.path() / "secret") << secret_access_key << "\n";
    S3Options made{.endpoint = value_of(S3Endpoint::parse(
                       options.url_of ? options.url_of(server.port()) : server.url())),
                   .identity = {.access_key_id = std::string(access_key_id),
                                .secret_access_key_file = folder_.path() / "secret"},
                   .bucket_owners = {{"bucket", "111122223333"},
                                     {"plain", "111122223333"},
                                     {"lost", "111122223333"}},
                   .owner_check = options.owner_check,
                   .spool_folder = folder_.path(),
                   .patience = options.patience,
                   .limits = options.limits};
    made.endpoint.addressing = options.addressing;
    const auto nothing = [](const char*) { return std::string(); };
    objects_ = value_of(S3Objects::open(std::move(made), nothing, clock, random_));
  }

  S3Objects& operator*() { return *objects_; }
  S3Objects* operator->() { return objects_.get(); }
  const std::filesystem::path& folder() const { return folder_.path(); }

  FakeS3 server;
  hallmark::test::TestClock clock;  // ours
  int waits = 0;

 private:
  hallmark::test::TemporaryFolder folder_;
  hallmark::test::CountingRandom random_;
  std::unique_ptr<S3Objects> objects_;
};

}  // namespace hallmark::objects::test
