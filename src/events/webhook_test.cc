#include "events/webhook.h"

#include <gtest/gtest.h>

#include "base/test_support.h"

namespace hallmark::events {
namespace {

using hallmark::test::value_of;

// The example of the Standard Webhooks specification.
TEST(Webhook, SignsAsTheSpecificationsExample) {
  const Secret secret = value_of(parse_webhook_secret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"));
  EXPECT_EQ(webhook_signature(secret, {"msg_p5jXN8AQM9LWM0D4loKWxJek", R"({"test": 2432232314})"},
                              1614265330),
            "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
}

TEST(Webhook, TakesASecretWithALineEndAndNoOther) {
  EXPECT_TRUE(parse_webhook_secret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\n"));
  for (const char* wrong :
       {"", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_", "whsec_c2hvcnQ=", "whsec_not base64"}) {
    EXPECT_FALSE(parse_webhook_secret(wrong)) << wrong;
  }
}

}  // namespace
}  // namespace hallmark::events
