// An OpenID Connect issuer with keys of its own. Only for tests.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include <fmt/format.h>

#include "base/test_support.h"
#include "crypto/test_jws.h"
#include "identity/web_identity.h"

namespace hallmark::identity::test {

// What the issuer publishes, and how often it was asked.
struct Published {
  Result<std::string> document = std::string(R"({"keys":[]})");
  std::atomic<int> fetched = 0;
  std::function<void()> meanwhile = {};
};

class TestKeySetSource final : public KeySetSource {
 public:
  explicit TestKeySetSource(std::shared_ptr<Published> published)
      : published_(std::move(published)) {}
  Result<std::string> fetch() override {
    ++published_->fetched;
    if (published_->meanwhile) published_->meanwhile();
    return published_->document;
  }

 private:
  const std::shared_ptr<Published> published_;  // a test changes it meanwhile
};

struct TestIssuer {
  std::string url = "https://ci.example.com/a";
  crypto::test::TestJwsKey key = crypto::test::TestJwsKey::ec("key-1");
  std::shared_ptr<Published> published = std::make_shared<Published>();

  TestIssuer() { publish({key.ec_jwk()}); }

  void publish(const std::vector<std::string>& keys) {
    published->document = fmt::format(R"({{"keys":[{}]}})", fmt::join(keys, ","));
  }
  WebIdentityIssuer configuration(std::vector<std::string> audiences = {"hallmark"}) const {
    return {url, std::move(audiences), std::make_unique<TestKeySetSource>(published)};
  }
  // Claims that are in order for an hour, but for `more`.
  std::string claims(Timestamp now, std::string_view more = "") const {
    const auto seconds = unix_seconds(now);
    return fmt::format(R"({{"iss":"{}","sub":"project:7","aud":"hallmark","iat":{},"exp":{}{}}})",
                       url, seconds, seconds + 3600, more);
  }
  std::string token(Timestamp now, std::string_view more = "") const {
    return key.sign("ES256", claims(now, more));
  }
};

}  // namespace hallmark::identity::test
