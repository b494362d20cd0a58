#include "auth/last_used.h"

#include <gtest/gtest.h>

#include <chrono>

#include "auth/test_fixture.h"

namespace hallmark::auth::test {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;

class LastUsedTest : public AuthenticatorTest {
 protected:
  Use use(const char* service = "signer") const {
    return {made_.admin.id, service, made_.clock.now()};
  }
  std::vector<Use> uses() { return authentication_.last_used.uses(); }
};

TEST_F(LastUsedTest, AUseIsNotedWithServiceAndTime) {
  EXPECT_TRUE(authenticate(signed_by([](TestClient& c) { c.service = "sts"; })));
  EXPECT_EQ(uses(), std::vector{use("sts")});
}

TEST_F(LastUsedTest, AKeyIsNotedOnceAMinute) {
  std::vector expected = {use()};
  EXPECT_TRUE(authenticate(signed_put()));
  made_.clock.advance(minutes(1) - milliseconds(1));
  EXPECT_TRUE(authenticate(signed_put()));
  EXPECT_TRUE(authenticate(signed_by([](TestClient& c) { c.service = "sts"; })));
  EXPECT_EQ(uses(), expected);
  made_.clock.advance(milliseconds(1));
  EXPECT_TRUE(authenticate(signed_put()));
  expected.push_back(use());
  EXPECT_EQ(uses(), expected);
}

TEST_F(LastUsedTest, AClockThatIsSetBackStopsNoNotes) {
  EXPECT_TRUE(authenticate(signed_put()));
  made_.clock.advance(-hours(24));
  EXPECT_TRUE(authenticate(signed_put()));
  EXPECT_EQ(uses().size(), 2U);
}

TEST_F(LastUsedTest, ARefusedRequestIsNoUse) {
  EXPECT_FALSE(authenticate(signed_by([](TestClient& c) { c.secret += "x"; })));
  EXPECT_FALSE(authenticate(signed_by([](TestClient& c) { c.access_key_id = "AKIANOBODY"; })));
  EXPECT_TRUE(uses().empty());
}

TEST_F(LastUsedTest, ATemporaryKeyIsNotNoted) {
  const auto session =
      value_of(authentication_.sessions.create({.parent_access_key_id = made_.admin.id,
                                                .role = {},
                                                .expires_at = made_.clock.now() + hours(1)}));
  TestClient by = client();
  by.access_key_id = session.access_key_id;
  by.secret = std::string(text_of(session.secret_access_key.reveal()));
  http::Request request = put();
  presign(request, by, {.security_token = session.session_token});
  EXPECT_TRUE(authenticate(request));
  EXPECT_TRUE(uses().empty());
}

}  // namespace
}  // namespace hallmark::auth::test
