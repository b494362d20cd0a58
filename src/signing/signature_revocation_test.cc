#include <gtest/gtest.h>

#include "signing/jobs.h"
#include "signing/test_signing.h"
#include "store/audit.h"

namespace hallmark::signing {
namespace {

using test::account;
using test::error_of;
using test::expect_done;
using test::profile_call;
using test::value_of;

constexpr std::string_view notation = "Notation-OCI-SHA384-ECDSA";
constexpr std::string_view other_account = "444455556666";

class SignatureRevocationTest : public test::SigningTest {
 protected:
  SignatureRevocationTest() {
    PutSigningProfile call = profile_call();
    call.platform_id = notation;
    value_of(put(call));
  }

  model::JobId signed_payload() {
    const SignPayload call{.id = Uuid::v7(clock.now(), made.random),
                           .profile_name = test::profile_name(),
                           .profile_owner = {},
                           .payload = {1}};
    return value_of(sign_with(parts.payloads, permit(call))).id;
  }
  // Each call is a request of its own, with a signature of its own.
  access::Caller caller(std::string_view of = "111122223333") {
    return access::test::caller(access::test::user({access::test::allow_everything}, account(of)));
  }
  Result<std::string> revoke(access::Permitted<RevokeSignature> permitted) {
    return test::awaited<std::string>(
        [&](auto then) { jobs.revoke_signature(std::move(permitted), std::move(then)); });
  }
  Result<std::string> revoke(const model::JobId& id, std::string reason = "leaked") {
    return revoke(permit(RevokeSignature{id, {}, std::move(reason)}));
  }
};

TEST_F(SignatureRevocationTest, ARevokedSignatureShowsWhoWhenAndWhy) {
  const model::JobId id = signed_payload();
  clock.advance(std::chrono::seconds(5));
  EXPECT_EQ(value_of(revoke(id)), "");
  const auto revocation = job(id).revocation;
  ASSERT_TRUE(revocation);
  EXPECT_EQ(revocation->reason, "leaked");
  EXPECT_EQ(revocation->revoked_at, clock.now());
  EXPECT_EQ(revocation->revoked_by, "arn:aws:iam::111122223333:user/alice");
}

TEST_F(SignatureRevocationTest, IsAudited) {
  const model::JobId id = signed_payload();
  value_of(revoke(id));
  const auto rows =
      value_of(store.read([](store::Reader& reader) { return store::list_audit(reader, 1, 100); }));
  EXPECT_NE(rows.back().body.find(R"("eventName":"RevokeSignature")"), std::string::npos);
  EXPECT_NE(rows.back().body.find(id.text()), std::string::npos);
  EXPECT_NE(rows.back().body.find("leaked"), std::string::npos);
}

TEST_F(SignatureRevocationTest, RepeatedKeepsTheFirstRecord) {
  const model::JobId id = signed_payload();
  value_of(revoke(id));
  const Timestamp first = clock.now();
  clock.advance(std::chrono::minutes(1));
  value_of(revoke(id, "another reason"));
  EXPECT_EQ(job(id).revocation->reason, "leaked");
  EXPECT_EQ(job(id).revocation->revoked_at, first);
}

TEST_F(SignatureRevocationTest, AnUnknownJobIsNotFound) {
  const Uuid id = Uuid::v7(clock.now(), made.random);
  const Error error = error_of(revoke(id));
  EXPECT_EQ(error.kind, ErrorKind::not_found);
  EXPECT_EQ(error.message, "Signing job with id " + id.text() + " does not exist.");
}

TEST_F(SignatureRevocationTest, AJobThatDidNotSucceedIsRefused) {
  add_profile("Lambda");
  StartSigningJob call = job_call(source(test::package()));
  call.profile_name = test::profile_name("Lambda");
  value_of(start(call));
  const Error error = error_of(revoke(call.id));
  EXPECT_EQ(error.kind, ErrorKind::invalid);
  EXPECT_NE(error.message.find("InProgress"), std::string::npos);
  EXPECT_FALSE(job(call.id).revocation);
}

TEST_F(SignatureRevocationTest, APlatformWithoutRevocationIsRefused) {
  const model::JobId id = signed_payload();
  model::Job iot = job(id);
  iot.id = Uuid::v7(clock.now(), made.random);
  iot.platform_id = "AmazonFreeRTOS-Default";
  value_of(store.write([&](store::Transaction& tx) { return store::insert_job(tx, iot, 0); }));
  EXPECT_EQ(error_of(revoke(iot.id)).message,
            "Signatures of the platform AmazonFreeRTOS-Default cannot be revoked.");
}

// Cross-account.

TEST_F(SignatureRevocationTest, AnotherAccountNeedsThePermissionOfTheProfile) {
  const model::JobId id = signed_payload();
  const RevokeSignature call{id, account(), "stolen"};
  EXPECT_EQ(error_of(authorizer.permit(caller(other_account), call)).kind, ErrorKind::denied);
  value_of(test::awaited<std::string>([&](auto then) {
    parts.permissions.add(permit(AddProfilePermission{test::profile_name(),
                                                      {.statement_id = "revoke",
                                                       .action = "signer:RevokeSignature",
                                                       .principal = std::string(other_account),
                                                       .profile_version = {}},
                                                      {}}),
                          std::move(then));
  }));
  value_of(revoke(permit(call, other_account)));
  EXPECT_EQ(job(id).revocation->revoked_by, "arn:aws:iam::444455556666:user/alice");
}

TEST_F(SignatureRevocationTest, WithoutAnOwnerTheJobIsOfTheCallersAccount) {
  const model::JobId id = signed_payload();
  const RevokeSignature call{id, {}, "stolen"};
  const Error error = error_of(revoke(permit(call, other_account)));
  EXPECT_EQ(error.kind, ErrorKind::not_found);
  EXPECT_FALSE(job(id).revocation);
}

TEST_F(SignatureRevocationTest, WhatWasJudgedOnAChangedProfileIsNotDone) {
  const model::JobId id = signed_payload();
  auto permitted = permit(RevokeSignature{id, {}, "late"});
  cancel();
  EXPECT_EQ(error_of(revoke(std::move(permitted))).kind, ErrorKind::unavailable);
  EXPECT_FALSE(job(id).revocation);
  value_of(revoke(id));  // a canceled profile's signatures can be revoked
}

}  // namespace
}  // namespace hallmark::signing
