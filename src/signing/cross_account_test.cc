// Jobs with a profile of another account: who may start them, and who sees them.
#include <gtest/gtest.h>

#include "signing/test_signing.h"

namespace hallmark::signing {
namespace {

using test::account;
using test::error_of;
using test::expect_done;
using test::profile_name;
using test::value_of;

constexpr std::string_view invoker = "444455556666";

class CrossAccountTest : public test::SigningTest {
 protected:
  CrossAccountTest() {
    add_profile();
    expect_done(objects.create_bucket("theirs", invoker));
  }

  void allow(std::string_view action) {
    value_of(test::awaited<std::string>([&](auto then) {
      parts.permissions.add(permit(AddProfilePermission{profile_name(),
                                                        {.statement_id = "invoker",
                                                         .action = std::string(action),
                                                         .principal = std::string(invoker),
                                                         .profile_version = {}},
                                                        {}}),
                            std::move(then));
    }));
  }
  // From and to the invoker's own bucket.
  StartSigningJob call() {
    const auto pinned =
        value_of(objects.put({"theirs", "in/a.zip"}, MemoryReadAt(test::package())));
    StartSigningJob asked = job_call({"theirs", "in/a.zip", pinned.location.version});
    asked.profile_owner = account();
    asked.destination_bucket = "theirs";
    return asked;
  }
  static access::Caller caller(std::string_view policy) {
    return access::test::caller(access::test::user({policy}, account(invoker)));
  }
  std::vector<model::JobId> listed(std::string_view of, ListSigningJobs filter = {}) {
    filter.results_max = 25;
    std::vector<model::JobId> ids;
    for (const auto& job : value_of(jobs.list(permit(filter, of))).jobs) ids.push_back(job.id);
    return ids;
  }
};

using Ids = std::vector<model::JobId>;

TEST_F(CrossAccountTest, AJobNeedsThePermissionOfTheProfileAndTheCallersOwnPolicy) {
  const StartSigningJob asked = call();
  EXPECT_EQ(error_of(authorizer.permit(caller(access::test::allow_everything), asked)).kind,
            ErrorKind::denied);
  allow("signer:StartSigningJob");
  constexpr std::string_view objects_alone =
      R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]})";
  EXPECT_EQ(error_of(authorizer.permit(caller(objects_alone), asked)).kind, ErrorKind::denied);
  const StartedJob started_job = value_of(start(permit(asked, invoker)));
  EXPECT_EQ(started_job.owner, account());
  EXPECT_EQ(job(asked.id).invoker, account(invoker));
}

TEST_F(CrossAccountTest, AnotherPermissionDoesNotHelp) {
  allow("signer:GetSigningProfile");
  EXPECT_EQ(error_of(authorizer.permit(caller(access::test::allow_everything), call())).kind,
            ErrorKind::denied);
}

TEST_F(CrossAccountTest, AProfileThatIsNotThereIsDeniedAndNotFoundToItsOwner) {
  StartSigningJob asked = call();
  asked.profile_name = profile_name("Missing");
  EXPECT_EQ(error_of(authorizer.permit(caller(access::test::allow_everything), asked)).kind,
            ErrorKind::denied);
}

TEST_F(CrossAccountTest, TheOwnersBucketsStayShut) {
  allow("signer:StartSigningJob");
  StartSigningJob asked = call();
  asked.destination_bucket = "bucket";
  EXPECT_EQ(error_of(authorizer.permit(caller(access::test::allow_everything), asked)).kind,
            ErrorKind::denied);
}

TEST_F(CrossAccountTest, TheJobIsSeenByOwnerAndInvokerAndByNobodyElse) {
  allow("signer:StartSigningJob");
  const model::JobId id = value_of(start(permit(call(), invoker))).id;
  EXPECT_EQ(listed("111122223333"), Ids{id});
  EXPECT_EQ(listed(invoker), Ids{id});
  EXPECT_EQ(listed("999999999999"), Ids());
  for (const std::string_view of : {std::string_view("111122223333"), invoker}) {
    EXPECT_EQ(value_of(jobs.describe(permit(DescribeSigningJob{id}, of))).job.id, id);
  }
  EXPECT_EQ(error_of(jobs.describe(permit(DescribeSigningJob{id}, "999999999999"))).kind,
            ErrorKind::not_found);
}

TEST_F(CrossAccountTest, TheInvokerIsAFilterForBoth) {
  allow("signer:StartSigningJob");
  const model::JobId own = started();
  const model::JobId theirs = value_of(start(permit(call(), invoker))).id;
  EXPECT_EQ(listed("111122223333", {.invoker = account(invoker)}), Ids{theirs});
  EXPECT_EQ(listed("111122223333", {.invoker = account()}), Ids{own});
  EXPECT_EQ(listed(invoker, {.invoker = account(invoker)}), Ids{theirs});
  EXPECT_EQ(listed(invoker, {.invoker = account()}), Ids());
}

TEST_F(CrossAccountTest, ARepeatIsAuthorizedAnewAndGetsTheFirstAnswer) {
  allow("signer:StartSigningJob");
  const StartSigningJob first = call();
  value_of(start(permit(first, invoker)));
  StartSigningJob again = first;
  again.id = Uuid::v7(clock.now(), made.random);
  EXPECT_EQ(value_of(start(permit(again, invoker))).id, first.id);
  constexpr std::string_view nothing =
      R"({"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"*","Resource":"*"}]})";
  EXPECT_EQ(error_of(authorizer.permit(caller(nothing), again)).kind, ErrorKind::denied);
}

TEST_F(CrossAccountTest, WhatWasJudgedOnPermissionsThatChangedSinceIsNotStarted) {
  allow("signer:StartSigningJob");
  auto permitted = permit(call(), invoker);
  const auto revision =
      value_of(parts.permissions.list(permit(ListProfilePermissions{profile_name()})))
          .permissions.revision_id;
  value_of(test::awaited<std::string>([&](auto then) {
    parts.permissions.remove(permit(RemoveProfilePermission{profile_name(), "invoker", revision}),
                             std::move(then));
  }));
  EXPECT_EQ(error_of(start(std::move(permitted))).kind, ErrorKind::unavailable);
  EXPECT_EQ(listed("111122223333"), Ids());
}

}  // namespace
}  // namespace hallmark::signing
