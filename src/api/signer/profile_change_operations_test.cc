#include <gtest/gtest.h>

#include "api/test_api.h"
#include "base/encoding.h"

namespace hallmark::api {
namespace {

using hallmark::test::value_of;
using http::Method;
using test::Answer;

constexpr std::string_view added =
    R"({"action":"signer:StartSigningJob","principal":"444455556666","statementId":"s"})";

class PermissionOperationsTest : public test::ApiTest {
 protected:
  PermissionOperationsTest() { version_ = put_profile("Release").text("profileVersion"); }

  // Each request is signed in a second of its own: none is the repeat of another.
  Answer ask_anew(Method method, std::string path, std::string query = {}, std::string body = {}) {
    made.clock.advance(std::chrono::seconds(1));
    return ask(method, std::move(path), std::move(query), std::move(body));
  }
  Answer add(std::string_view body = added) {
    return ask_anew(Method::post, "/signing-profiles/Release/permissions", {}, std::string(body));
  }
  Answer remove(const std::string& revision, const std::string& statement = "s") {
    return ask_anew(Method::del, "/signing-profiles/Release/permissions/" + statement,
                    revision.empty() ? "" : "revisionId=" + revision);
  }
  Answer list(std::string query = {}) {
    return ask_anew(Method::get, "/signing-profiles/Release/permissions", std::move(query));
  }

  std::string version_;
};

bool names(const Answer& answer, std::string_view field) {
  return answer.message().find(field) != std::string::npos;
}

TEST_F(PermissionOperationsTest, AddAnswersTheRevision) {
  const Answer answer = add();
  EXPECT_EQ(answer.status, 200);
  const std::string revision = answer.text("revisionId");
  EXPECT_EQ(revision.size(), 36u);
  EXPECT_EQ(answer.body, R"({"revisionId":")" + revision + R"("})");
}

TEST_F(PermissionOperationsTest, ARefusalIsRepeatedEvenWhenItsReasonIsGone) {
  http::Request captured = auth::test::unsigned_request(
      Method::post, "/signing-profiles/Later/permissions", {}, std::string(added));
  auth::test::sign(captured, client());
  const Answer first = send(captured);
  EXPECT_EQ(first.status, 404);
  EXPECT_EQ(put_profile("Later").status, 200);
  const Answer again = send(captured);
  EXPECT_EQ(again.status, 404);
  EXPECT_EQ(again.body, first.body);
  EXPECT_EQ(ask_anew(Method::get, "/signing-profiles/Later/permissions").status, 404);
}

TEST_F(PermissionOperationsTest, AnEmptyRevisionIsNone) {
  EXPECT_EQ(add(R"({"action":"signer:StartSigningJob","principal":"444455556666",)"
                R"("statementId":"s","revisionId":"","profileVersion":null})")
                .status,
            200);
}

TEST_F(PermissionOperationsTest, ListAnswersThePrincipalAsItWasGiven) {
  const std::string first = add().text("revisionId");
  const std::string second =
      add(R"({"action":"signer:GetSigningProfile","principal":"arn:aws:iam::444455556666:role/a/b",)"
          R"("statementId":"t","profileVersion":")" +
          version_ + R"(","revisionId":")" + first + R"("})")
          .text("revisionId");
  const Answer answer = list();
  EXPECT_EQ(answer.status, 200);
  const auto body = answer.json();
  const auto size =
      value_of(value_of(body.root().object()).find_integer("policySizeBytes")).value_or(0);
  EXPECT_EQ(answer.body,
            R"({"revisionId":")" + second + R"(","policySizeBytes":)" + std::to_string(size) +
                R"(,"permissions":[{"action":"signer:StartSigningJob","principal":"444455556666",)"
                R"("statementId":"s"},{"action":"signer:GetSigningProfile",)"
                R"("principal":"arn:aws:iam::444455556666:role/a/b","statementId":"t",)"
                R"("profileVersion":")" +
                version_ + R"("}]})");
}

TEST_F(PermissionOperationsTest, RemoveAnswersARevisionAndTheLastStatementEndsThePolicy) {
  const std::string revision = add().text("revisionId");
  const Answer answer = remove(revision);
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.text("revisionId").size(), 36u);
  const Answer none = list();
  EXPECT_EQ(none.status, 404);
  EXPECT_EQ(none.type(), "ResourceNotFoundException");
  EXPECT_EQ(none.body,
            R"({"message":"No policies associated with profile Release","code":"PolicyNotFound"})");
}

TEST_F(PermissionOperationsTest, AByteIdenticalRepeatIsAnsweredAlikeAndNotDoneAgain) {
  made.clock.advance(std::chrono::seconds(1));
  const auto repeat = [&] {
    return ask(Method::post, "/signing-profiles/Release/permissions", {}, std::string(added));
  };
  const Answer first = repeat();
  // In the same second, so that the repeat is signed alike.
  ask(Method::del, "/signing-profiles/Release/permissions/s",
      "revisionId=" + first.text("revisionId"));
  const Answer second = repeat();
  EXPECT_EQ(second.body, first.body);
  EXPECT_EQ(list().status, 404);
}

TEST_F(PermissionOperationsTest, AStaleRevisionIsAConflict) {
  add();
  const Answer answer = remove("00000000-0000-4000-8000-000000000000");
  EXPECT_EQ(answer.status, 409);
  EXPECT_EQ(answer.type(), "ConflictException");
  EXPECT_EQ(answer.text("code"), "PolicyRevisionIdMismatch");
}

TEST_F(PermissionOperationsTest, APolicyThatIsTooLargeIs402) {
  std::string revision;
  Answer answer;
  for (int i = 0; i < 20; ++i) {
    answer =
        add(R"({"action":"signer:StartSigningJob","principal":"444455556666","statementId":"s)" +
            std::to_string(i) + R"(","revisionId":")" + revision + R"("})");
    if (answer.status != 200) break;
    revision = answer.text("revisionId");
  }
  EXPECT_EQ(answer.status, 402);
  EXPECT_EQ(answer.type(), "ServiceLimitExceededException");
  EXPECT_EQ(answer.text("code"), "ServiceLimitExceeded");
}

TEST_F(PermissionOperationsTest, PlainFaultsHaveTheExceptionAsCode) {
  const Answer answer =
      add(R"({"action":"signer:StartSigningJob","principal":"444455556666","statementId":""})");
  EXPECT_EQ(answer.status, 400);
  EXPECT_EQ(answer.body,
            R"({"message":"statementId cannot be empty.","code":"ValidationException"})");
}

TEST_F(PermissionOperationsTest, MissingMembersAndWrongTypesAreNamed) {
  for (const std::string_view member : {"action", "principal", "statementId"}) {
    for (const std::string_view value : {"null", "1", "{}"}) {
      std::string body(added);
      const std::size_t at = body.find("\"" + std::string(member) + "\":") + member.size() + 3;
      body.replace(at, body.find('"', at + 1) + 1 - at, value);
      const Answer answer = add(body);
      EXPECT_EQ(answer.type(), value == "null" ? "ValidationException" : "SerializationException");
      EXPECT_TRUE(names(answer, member)) << body << answer.message();
    }
  }
  EXPECT_TRUE(names(add(R"({"action":"a","principal":"p","statementId":"s","profileVersion":"x"})"),
                    "profileVersion"));
  EXPECT_TRUE(names(add(R"({"action":"a","principal":"p","statementId":"s","revisionId":1})"),
                    "revisionId"));
}

TEST_F(PermissionOperationsTest, RemoveNeedsARevision) {
  add();
  const Answer answer = remove("");
  EXPECT_EQ(answer.type(), "ValidationException");
  EXPECT_TRUE(names(answer, "revisionId"));
}

TEST_F(PermissionOperationsTest, ThereIsNoNextPage) {
  add();
  EXPECT_EQ(list("nextToken=").status, 200);
  const Answer answer = list("nextToken=x");
  EXPECT_EQ(answer.type(), "ValidationException");
  EXPECT_TRUE(names(answer, "nextToken"));
}

// The end of a profile.

class EndOperationsTest : public PermissionOperationsTest {
 protected:
  Answer cancel() { return ask_anew(Method::del, "/signing-profiles/Release"); }
  Answer revoke(std::string_view effective_time = "1700000000") {
    return revoke_with(R"({"profileVersion":")" + version_ + R"(","reason":"stolen",)" +
                       R"("effectiveTime":)" + std::string(effective_time) + "}");
  }
  Answer revoke_with(std::string body) {
    return ask_anew(Method::put, "/signing-profiles/Release/revoke", {}, std::move(body));
  }
};

TEST_F(EndOperationsTest, CancelAnswersNothingAndMayBeRepeated) {
  for (int i = 0; i < 2; ++i) {
    const Answer answer = cancel();
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.body, "");
  }
  EXPECT_EQ(get("/signing-profiles/Release").text("status"), "Canceled");
}

TEST_F(EndOperationsTest, RevokeAnswersNothingAndTheProfileTells) {
  const Answer answer = revoke("1700000000.5");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body, "");
  const std::string told = get("/signing-profiles/Release").body;
  EXPECT_NE(told.find(R"("status":"Revoked","statusReason":"stolen","revocationRecord":)"
                      R"({"revocationEffectiveFrom":1700000000,"revokedAt":1795338001,)"
                      R"("revokedBy":"arn:aws:iam::111122223333:user/admin"},"tags":{})"),
            std::string::npos)
      << told;
}

TEST_F(EndOperationsTest, ARevokedProfileIsListedByItsStatus) {
  revoke();
  EXPECT_EQ(get("/signing-profiles", "includeCanceled=true").body, R"({"profiles":[]})");
  const std::string listed = get("/signing-profiles", "statuses=Revoked&statuses=Canceled").body;
  EXPECT_NE(listed.find(R"("status":"Revoked")"), std::string::npos) << listed;
}

TEST_F(EndOperationsTest, WhatIsWrongWithARevocationIsNamed) {
  const auto refused = [&](const std::string& body, std::string_view type, std::string_view field) {
    const Answer answer = revoke_with(body);
    EXPECT_EQ(answer.type(), type) << body;
    EXPECT_TRUE(names(answer, field)) << answer.message();
  };
  const std::string version = R"({"profileVersion":")" + version_ + R"(",)";
  const std::string reason = version + R"("reason":"x",)";
  refused(R"({"reason":"x","effectiveTime":1})", "ValidationException", "profileVersion");
  refused(R"({"profileVersion":"short","reason":"x","effectiveTime":1})", "ValidationException",
          "profileVersion");
  refused(version + R"("effectiveTime":1})", "ValidationException", "reason");
  refused(version + R"("reason":"","effectiveTime":1})", "ValidationException", "reason");
  refused(version + R"("reason":")" + std::string(501, 'r') + R"(","effectiveTime":1})",
          "ValidationException", "reason");
  refused(reason + R"("effectiveTime":null})", "ValidationException", "effectiveTime");
  for (const char* time : {"true", "{}", "[]", R"("2026-11-22T09:00:00Z")", "1e30", "-1",
                           "1000000000000000000000000000000"}) {
    refused(reason + R"("effectiveTime":)" + time + "}", "SerializationException", "effectiveTime");
  }
  refused(reason + R"("effectiveTime":253402300799})", "ValidationException", "effectiveTime");
}

TEST_F(EndOperationsTest, AReasonHasFiveHundredCharactersNotBytes) {
  std::string reason;
  for (int i = 0; i < 500; ++i) reason += "\xc3\xa9";
  EXPECT_EQ(revoke_with(R"({"profileVersion":")" + version_ + R"(","effectiveTime":1,"reason":")" +
                        reason + "\"}")
                .status,
            200);
}

// Tags.

class TagOperationsTest : public PermissionOperationsTest {
 protected:
  static constexpr std::string_view profiles =
      "arn:aws:signer:us-east-1:111122223333:/signing-profiles/";

  static std::string path_of(std::string_view arn) { return "/tags/" + percent_encode(arn); }
  std::string path() { return path_of(std::string(profiles) + "Release"); }
  Answer tag(std::string body) { return ask_anew(Method::post, path(), {}, std::move(body)); }
  Answer untag(std::string query) { return ask_anew(Method::del, path(), std::move(query)); }
  std::string tags() { return ask_anew(Method::get, path()).body; }
};

TEST_F(TagOperationsTest, AreSetTakenAwayAndListed) {
  const Answer set = tag(R"({"tags":{"team":"one","stage":"","other":"x"}})");
  EXPECT_EQ(set.status, 200);
  EXPECT_EQ(set.body, "");
  const Answer taken = untag("tagKeys=team&tagKeys=absent&tagKeys=other");
  EXPECT_EQ(taken.status, 200);
  EXPECT_EQ(taken.body, "");
  EXPECT_EQ(tags(), R"({"tags":{"stage":""}})");
}

TEST_F(TagOperationsTest, FaultsAreBadRequests) {
  const auto refused = [&](const Answer& answer, std::string_view field) {
    EXPECT_EQ(answer.status, 400);
    EXPECT_EQ(answer.type(), "BadRequestException");
    EXPECT_TRUE(names(answer, field)) << answer.message();
  };
  refused(tag("{}"), "tags");
  refused(tag(R"({"tags":null})"), "tags");
  refused(tag(R"({"tags":{}})"), "tags");
  refused(tag(R"({"tags":{"aws:x":"y"}})"), "tags");
  refused(untag(""), "tagKeys");
  refused(untag("tagKeys="), "tagKeys");
  refused(untag("tagKeys=a%20b"), "tagKeys");
  const std::string job = "arn:aws:signer:us-east-1:111122223333:/signing-jobs/" +
                          std::string("0192f0c1-0000-7000-8000-000000000001");
  refused(ask_anew(Method::get, path_of(job)), "resourceArn");
  refused(ask_anew(Method::get, path_of("x")), "resourceArn");
}

TEST_F(TagOperationsTest, WrongTypesStaySerializationFaults) {
  EXPECT_EQ(tag(R"({"tags":[]})").type(), "SerializationException");
  EXPECT_EQ(tag(R"({"tags":{"a":1}})").type(), "SerializationException");
}

TEST_F(TagOperationsTest, ACanceledProfileRefusesChanges) {
  tag(R"({"tags":{"team":"one"}})");
  ask_anew(Method::del, "/signing-profiles/Release");
  EXPECT_EQ(tag(R"({"tags":{"team":"two"}})").type(), "BadRequestException");
  EXPECT_EQ(untag("tagKeys=team").type(), "BadRequestException");
  EXPECT_EQ(tags(), R"({"tags":{"team":"one"}})");
}

TEST_F(TagOperationsTest, OfAnUnknownProfileAreNotFound) {
  const Answer answer = ask_anew(Method::get, path_of(std::string(profiles) + "Unknown"));
  EXPECT_EQ(answer.status, 404);
  EXPECT_EQ(answer.type(), "NotFoundException");
}

TEST_F(TagOperationsTest, OfAnotherAccountAreDenied) {
  const Answer answer = ask_anew(
      Method::get, path_of("arn:aws:signer:us-east-1:999999999999:/signing-profiles/Release"));
  EXPECT_EQ(answer.status, 403);
  EXPECT_EQ(answer.type(), "AccessDeniedException");
}

TEST_F(TagOperationsTest, AnEmptyMapCannotBePut) {
  const Answer answer =
      put_profile("Other", R"({"platformId":"AWSLambda-SHA384-ECDSA","tags":{}})");
  EXPECT_EQ(answer.type(), "ValidationException");
  EXPECT_TRUE(names(answer, "tags"));
}

}  // namespace
}  // namespace hallmark::api
