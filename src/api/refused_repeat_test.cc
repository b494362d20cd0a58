// What was refused for want of a policy stays refused when it is sent again.
#include <gtest/gtest.h>

#include "api/test_api.h"
#include "audit/refusals.h"

namespace hallmark::api {
namespace {

using http::Method;
using test::Answer;

constexpr std::string_view added =
    R"({"action":"signer:StartSigningJob","principal":"444455556666","statementId":"s"})";
constexpr std::string_view stop =
    R"({"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"signer:*Permission",)"
    R"("Resource":"*"}]})";

class RefusedRepeatTest : public test::ApiTest {
 protected:
  RefusedRepeatTest() { put_profile("Release"); }

  template <class Work>
  void change_identities(Work work) {
    hallmark::test::expect_done(made.store->write([&](store::Transaction& tx) -> Result<void> {
      TRY(const auto admin,
          store::find_principal_by_name(tx, made.account, store::PrincipalKind::user, "admin"));
      return work(tx, admin->id);
    }));
    made.directory.forget();
  }
  void stop_admin() {
    change_identities([](store::Transaction& tx, const Uuid& admin) {
      return store::put_policy(tx, {admin, "stop", std::string(stop)});
    });
  }
  void let_admin() {
    change_identities([](store::Transaction& tx, const Uuid& admin) -> Result<void> {
      TRY(const bool was, store::delete_policy(tx, admin, "stop"));
      EXPECT_TRUE(was);
      return {};
    });
  }
  http::Request captured(std::string_view body = added) {
    http::Request request = auth::test::unsigned_request(
        Method::post, "/signing-profiles/Release/permissions", {}, std::string(body));
    auth::test::sign(request, client());
    return request;
  }
};

TEST_F(RefusedRepeatTest, ADeniedRequestIsNotExecutedWhenAPolicyAllowsItLater) {
  stop_admin();
  const http::Request request = captured();
  const Answer first = send(request);
  EXPECT_EQ(first.type(), "AccessDeniedException");
  let_admin();
  const Answer again = send(request);
  EXPECT_EQ(again.status, 403);
  EXPECT_EQ(again.body, first.body);
  made.clock.advance(std::chrono::seconds(1));
  EXPECT_EQ(get("/signing-profiles/Release/permissions").status, 404);
  EXPECT_EQ(send(captured()).status, 200);
}

TEST_F(RefusedRepeatTest, WhatWasDoneStaysAnsweredOnlyToWhoMayStillAsk) {
  const http::Request request = captured();
  EXPECT_EQ(send(request).status, 200);
  stop_admin();
  EXPECT_EQ(send(request).status, 403);
  let_admin();
  EXPECT_EQ(send(request).status, 200);
}

TEST_F(RefusedRepeatTest, NothingIsRememberedOfAWrongSignature) {
  stop_admin();
  http::Request request = captured();
  request.body += " ";
  EXPECT_EQ(send(request).type(), "InvalidSignatureException");
  let_admin();
  request.body.pop_back();
  EXPECT_EQ(send(request).status, 200);
}

TEST_F(RefusedRepeatTest, BeyondTheRateOfAnAccountRefusalsAreNotRememberedAndSaySo) {
  stop_admin();
  for (int i = 0; i < audit::refusals_remembered_per_second; ++i) {
    EXPECT_EQ(send(captured(std::string(std::size_t(i), ' ') + std::string(added))).status, 403);
  }
  const http::Request request = captured("  \n" + std::string(added));
  const Answer answer = send(request);
  EXPECT_EQ(answer.status, 429);
  EXPECT_EQ(answer.type(), "TooManyRequestsException");
  made.clock.advance(std::chrono::seconds(1));
  EXPECT_EQ(send(request).status, 403);
}

}  // namespace
}  // namespace hallmark::api
