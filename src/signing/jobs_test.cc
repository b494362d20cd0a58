#include "signing/jobs.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <set>

#include "signing/test_signing.h"
#include "store/audit.h"

namespace hallmark::signing {
namespace {

using test::account;
using test::error_of;
using test::expect_done;
using test::package;
using test::profile_call;
using test::profile_name;
using test::value_of;

class JobsTest : public test::SigningTest {
 protected:
  JobsTest() { add_profile(); }

  Error refusal(const StartSigningJob& call) { return error_of(start(call)); }
  StartSigningJob good_call() { return job_call(source(package())); }
  static ListSigningJobs everything(int results_max = 25) {
    return {.status = {}, .platform_id = {}, .results_max = results_max, .page_token = {}};
  }
  Result<JobPage> list(const ListSigningJobs& call, std::string_view of = "111122223333") {
    return jobs.list(permit(call, of));
  }
  std::vector<model::JobId> ids(const ListSigningJobs& call) {
    std::vector<model::JobId> found;
    for (const auto& job : value_of(list(call)).jobs) found.push_back(job.id);
    return found;
  }
  void end(const model::JobId& id, model::JobStatus status) {
    auto claimed = *claim();
    ASSERT_EQ(claimed.job.id, id);
    claimed.job.status = status;
    claimed.job.completed_at = clock.now();
    expect_done(store.write([&](store::Transaction& tx) {
      return store::complete_job(tx, claimed.job, claimed.work.fence);
    }));
  }
};

using Ids = std::vector<model::JobId>;

// Start.

TEST_F(JobsTest, AStartedJobIsInProgressAndReadsBack) {
  const StartSigningJob call = good_call();
  const StartedJob started_job = value_of(start(call));
  EXPECT_EQ(started_job.id, call.id);
  EXPECT_EQ(started_job.owner, account());
  const model::Job found = value_of(jobs.describe(permit(DescribeSigningJob{call.id}))).job;
  EXPECT_EQ(found.status, model::JobStatus::in_progress);
  EXPECT_EQ(found.source, call.source);
  EXPECT_EQ(found.requested_by, "arn:aws:iam::111122223333:user/alice");
  EXPECT_EQ(found.created_at, clock.now());
}

TEST_F(JobsTest, TheSignedKeyIsPrefixAndIdAndZip) {
  const StartSigningJob call = good_call();
  value_of(start(call));
  EXPECT_EQ(job(call.id).destination_key, "out/" + call.id.text() + ".zip");
}

TEST_F(JobsTest, TheSignedKeyOfASourceWithoutZipHasNone) {
  StartSigningJob call = job_call(source(package(), "in/a.jar"));
  value_of(start(call));
  EXPECT_EQ(job(call.id).destination_key, "out/" + call.id.text());
}

TEST_F(JobsTest, AStartLeavesItsAuditRecordInTheSameUnit) {
  const model::JobId id = started();
  const auto rows =
      value_of(store.read([](store::Reader& reader) { return store::list_audit(reader, 3, 10); }));
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_NE(rows[0].body.find(R"("eventName":"StartSigningJob")"), std::string::npos);
  EXPECT_NE(rows[0].body.find(id.text()), std::string::npos);
}

class CountingListener final : public JobListener {
 public:
  void job_waits() override { ++count; }
  std::atomic<int> count = 0;
};

TEST_F(JobsTest, TheListenerIsToldOfAcceptedJobsOnly) {
  CountingListener listener;
  jobs.set_listener(&listener);
  StartSigningJob bad = good_call();
  bad.profile_name = profile_name("Missing");
  error_of(start(bad));
  EXPECT_EQ(listener.count, 0);
  started();
  EXPECT_EQ(listener.count, 1);
}

TEST_F(JobsTest, AJobNeedsThreePermissions) {
  const StartSigningJob call = good_call();
  const auto needs = call.needs(access::test::caller().principal());
  ASSERT_EQ(needs.size(), 2u);
  EXPECT_EQ(needs[0].action, "signer:StartSigningJob");
  EXPECT_EQ(std::get<access::ProfileResource>(needs[0].resource).name, profile_name("Release"));
  EXPECT_EQ(needs[1].action, "s3:GetObjectVersion");
  EXPECT_EQ(std::get<access::ObjectResource>(needs[1].resource).key, "in/a.zip");
  const auto more = call.needs_knowing(permit(call).facts());
  ASSERT_EQ(more.size(), 1u);
  EXPECT_EQ(more[0].action, "s3:PutObject");
  EXPECT_EQ(std::get<access::ObjectResource>(more[0].resource).key,
            "out/" + call.id.text() + ".zip");
}

TEST_F(JobsTest, TheKeyThatIsWrittenIsTheKeyThatIsJudged) {
  constexpr std::string_view no_zip =
      R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"},)"
      R"({"Effect":"Deny","Action":"s3:PutObject","Resource":"arn:aws:s3:::*.zip"}]})";
  PutSigningProfile payloads = profile_call("Payloads");
  payloads.platform_id = "Notation-OCI-SHA384-ECDSA";  // keeps no ending
  value_of(put(payloads));
  StartSigningJob call = good_call();
  EXPECT_EQ(error_of(authorizer.permit(access::test::caller(no_zip), call)).kind,
            ErrorKind::denied);
  call.profile_name = profile_name("Payloads");
  EXPECT_TRUE(authorizer.permit(access::test::caller(no_zip), call));
}

TEST_F(JobsTest, WithoutAProfileNoKeyIsJudged) {
  StartSigningJob call = good_call();
  call.profile_name = profile_name("Missing");
  EXPECT_TRUE(call.needs_knowing(permit(call).facts()).empty());
}

TEST_F(JobsTest, AProfileOfAnotherAccountIsDenied) {
  StartSigningJob call = good_call();
  call.profile_owner = account("999999999999");
  EXPECT_EQ(error_of(authorizer.permit(access::test::caller(), call)).kind, ErrorKind::denied);
}

TEST_F(JobsTest, ABucketThatIsAnotherAccountsByNowIsNotLookedInto) {
  StartSigningJob call = job_call({"late", "no-such-key", "v1"});
  auto permitted = permit(std::move(call));
  expect_done(objects.create_bucket("late", "444455556666"));
  EXPECT_EQ(error_of(start(std::move(permitted))).kind, ErrorKind::denied);
}

TEST_F(JobsTest, ABucketOfAnotherAccountIsDenied) {
  expect_done(objects.create_bucket("theirs", "999999999999"));
  StartSigningJob from = good_call();
  from.source.bucket = "theirs";
  EXPECT_EQ(error_of(authorizer.permit(access::test::caller(), from)).kind, ErrorKind::denied);
  StartSigningJob to = good_call();
  to.destination_bucket = "theirs";
  EXPECT_EQ(error_of(authorizer.permit(access::test::caller(), to)).kind, ErrorKind::denied);
}

// Refusals.

TEST_F(JobsTest, AnUnknownProfileIsNotFoundInAwssWords) {
  StartSigningJob call = good_call();
  call.profile_name = profile_name("Missing");
  EXPECT_EQ(refusal(call).kind, ErrorKind::not_found);
  EXPECT_EQ(refusal(call).message, "profile with name Missing does not exist");
}

TEST_F(JobsTest, ACanceledProfileStartsNoJob) {
  cancel();
  const Error error = refusal(good_call());
  EXPECT_EQ(error.kind, ErrorKind::invalid);
  EXPECT_EQ(error.reason, "ProfileNotActive");
  EXPECT_EQ(error.message,
            "Signing Profile Release is in Canceled state and cannot start a signing job.");
}

TEST_F(JobsTest, AProfileThatIsCanceledAfterItWasJudgedStartsNoJob) {
  const StartSigningJob call = good_call();
  auto permitted = permit(call);
  cancel();
  const Error error = error_of(start(std::move(permitted)));
  EXPECT_EQ(error.kind, ErrorKind::invalid);
  EXPECT_EQ(error.reason, "ProfileNotActive");
  EXPECT_FALSE(value_of(store.read(
      [&](store::Reader& reader) { return store::find_job(reader, account(), call.id); })));
}

TEST_F(JobsTest, AProfileOfSignPayloadStartsNoJob) {
  PutSigningProfile notation = profile_call("Notation");
  notation.platform_id = "Notation-OCI-SHA384-ECDSA";
  value_of(put(notation));
  StartSigningJob call = good_call();
  call.profile_name = profile_name("Notation");
  EXPECT_EQ(refusal(call).kind, ErrorKind::invalid);
}

TEST_F(JobsTest, AMissingSourceIsNotFoundAndNamed) {
  StartSigningJob call = good_call();
  call.source.key = "in/missing.zip";
  EXPECT_EQ(refusal(call).message, "The key in/missing.zip does not exist in the bucket bucket.");
  call = good_call();
  call.source.version = "null";
  EXPECT_EQ(refusal(call).kind, ErrorKind::not_found);
  call = good_call();
  call.source.bucket = "nowhere";
  EXPECT_EQ(refusal(call).message, "The bucket nowhere does not exist.");
}

TEST_F(JobsTest, AMissingDestinationIsNotFoundAndNamed) {
  StartSigningJob call = good_call();
  call.destination_bucket = "nowhere";
  EXPECT_EQ(refusal(call).kind, ErrorKind::not_found);
  EXPECT_EQ(refusal(call).message, "The bucket nowhere does not exist.");
}

TEST_F(JobsTest, ASourceBeyondThePlatformsSizeIsRefused) {
  const model::SourceObject large = source(package(), "in/large.zip");
  for (const auto& file :
       std::filesystem::recursive_directory_iterator(made.folder.path() / "objects")) {
    if (!file.path().filename().string().starts_with(large.version)) continue;
    std::filesystem::permissions(file.path(), std::filesystem::perms::owner_all);
    std::filesystem::resize_file(file.path(), 250 * limits::mebibyte + 1);
  }
  const Error error = refusal(job_call(large));
  EXPECT_EQ(error.kind, ErrorKind::invalid);
  EXPECT_EQ(error.message,
            "The source object has 262144001 bytes; AWSLambda-SHA384-ECDSA signs at most 250 MB.");
}

TEST_F(JobsTest, AStartIntoAClosedStoreIsUnavailable) {
  auto permitted = permit(good_call());
  store.close();
  EXPECT_FALSE(start(std::move(permitted)));
}

// Request tokens.

TEST_F(JobsTest, ARepeatedTokenGetsTheFirstJob) {
  const StartSigningJob first = good_call();
  value_of(start(first));
  StartSigningJob again = first;
  again.id = Uuid::v7(clock.now(), made.random);
  EXPECT_EQ(value_of(start(again)).id, first.id);
  EXPECT_EQ(ids(everything()), Ids{first.id});
}

TEST_F(JobsTest, ARepeatedTokenGetsTheFirstJobWhateverItsOtherMembers) {
  const StartSigningJob first = good_call();
  value_of(start(first));
  StartSigningJob again = good_call();
  again.request_token = first.request_token;
  again.profile_name = profile_name("Missing");
  again.source.key = "missing";
  EXPECT_EQ(value_of(start(again)).id, first.id);
}

TEST_F(JobsTest, ARepeatedTokenGetsTheFirstJobAlsoWhenTheProfileIsCanceled) {
  const StartSigningJob first = good_call();
  value_of(start(first));
  cancel();
  EXPECT_EQ(value_of(start(first)).id, first.id);
}

TEST_F(JobsTest, ARefusedCallDoesNotUseItsToken) {
  StartSigningJob call = good_call();
  call.profile_name = profile_name("Missing");
  error_of(start(call));
  call.profile_name = profile_name();
  EXPECT_EQ(value_of(start(call)).id, call.id);
}

TEST_F(JobsTest, TheSameTokenOfAnotherAccountIsAnotherJob) {
  const StartSigningJob ours = good_call();
  value_of(start(ours));
  expect_done(objects.create_bucket("theirs", "999999999999"));
  value_of(put(profile_call(), "999999999999"));
  const auto pinned =
      value_of(objects.put({"theirs", "a.zip"}, MemoryReadAt(bytes_of("anything"))));
  StartSigningJob call = job_call({"theirs", "a.zip", pinned.location.version});
  call.destination_bucket = "theirs";
  call.request_token = ours.request_token;
  EXPECT_EQ(value_of(start(permit(call, "999999999999"))).id, call.id);
}

TEST_F(JobsTest, OneTokenAtOnceFromManyThreadsIsOneJob) {
  const StartSigningJob call = good_call();
  std::vector<std::string> answers(8);
  {
    std::vector<std::jthread> threads;
    threads.reserve(answers.size());
    for (auto& answer : answers) {
      threads.emplace_back([&] {
        StartSigningJob mine = call;
        mine.id = Uuid::v7(clock.now(), made.random);
        answer = value_of(start(mine)).id.text();
      });
    }
  }
  EXPECT_EQ(std::ranges::count(answers, answers[0]), 8);
  EXPECT_EQ(ids(everything()).size(), 1u);
}

// Describe.

TEST_F(JobsTest, AnUnknownJobIsNotFound) {
  const Uuid id = Uuid::v7(clock.now(), made.random);
  const Error error = error_of(jobs.describe(permit(DescribeSigningJob{id})));
  EXPECT_EQ(error.kind, ErrorKind::not_found);
  EXPECT_EQ(error.message, "Signing job with id " + id.text() + " does not exist.");
}

TEST_F(JobsTest, AJobOfAnotherAccountIsLikeAnUnknownOne) {
  const model::JobId id = started();
  const Error error = error_of(jobs.describe(permit(DescribeSigningJob{id}, "999999999999")));
  EXPECT_EQ(error.kind, ErrorKind::not_found);
  EXPECT_EQ(error.message, "Signing job with id " + id.text() + " does not exist.");
}

// List.

TEST_F(JobsTest, AreListedNewestFirst) {
  const model::JobId first = started();
  clock.advance(std::chrono::seconds(1));
  const model::JobId second = started();
  EXPECT_EQ(ids(everything()), (Ids{second, first}));
}

TEST_F(JobsTest, OtherAccountsAreNotListed) {
  started();
  EXPECT_TRUE(value_of(list(everything(), "999999999999")).jobs.empty());
}

TEST_F(JobsTest, PagesCoverTheListOnce) {
  std::set<std::string> expected;
  for (int i = 0; i < 5; ++i) {
    expected.insert(started().text());
    clock.advance(std::chrono::seconds(1));
  }
  ListSigningJobs call = everything(2);
  std::vector<std::string> seen;
  for (int pages = 0; pages < 10; ++pages) {
    const JobPage page = value_of(list(call));
    for (const auto& job : page.jobs) seen.push_back(job.id.text());
    call.page_token = page.next_token;
    if (page.next_token.empty()) break;
  }
  EXPECT_EQ(seen.size(), 5u);
  EXPECT_EQ(std::set<std::string>(seen.begin(), seen.end()), expected);
}

TEST_F(JobsTest, AreFilteredByStatus) {
  const model::JobId failed = started();
  end(failed, model::JobStatus::failed);
  clock.advance(std::chrono::seconds(1));
  const model::JobId waiting = started();
  ListSigningJobs call = everything();
  call.status = model::JobStatus::failed;
  EXPECT_EQ(ids(call), Ids{failed});
  call.status = model::JobStatus::in_progress;
  EXPECT_EQ(ids(call), Ids{waiting});
}

TEST_F(JobsTest, AreFilteredByPlatform) {
  const model::JobId id = started();
  ListSigningJobs call = everything();
  call.platform_id = test::lambda;
  EXPECT_EQ(ids(call), Ids{id});
  call.platform_id = "AmazonFreeRTOS-Default";
  EXPECT_TRUE(ids(call).empty());
}

TEST_F(JobsTest, ACompletedJobIsListedForTwoYearsAndDescribedLonger) {
  const model::JobId id = started();
  end(id, model::JobStatus::failed);
  clock.set(plus_months(clock.now(), 24) - std::chrono::milliseconds(1));
  EXPECT_EQ(ids(everything()), Ids{id});
  clock.advance(std::chrono::milliseconds(1));
  EXPECT_TRUE(ids(everything()).empty());
  EXPECT_TRUE(jobs.describe(permit(DescribeSigningJob{id})));
}

TEST_F(JobsTest, ATokenOfAnotherFilterAccountOrOperationIsRefused) {
  started();
  started();
  ListSigningJobs call = everything(1);
  call.page_token = value_of(list(call)).next_token;
  ASSERT_NE(call.page_token, "");
  EXPECT_TRUE(list(call));
  EXPECT_EQ(error_of(list(call, "999999999999")).message, "nextToken is not valid.");
  ListSigningJobs filtered = call;
  filtered.status = model::JobStatus::failed;
  EXPECT_EQ(error_of(list(filtered)).message, "nextToken is not valid.");
  call.page_token[3] = call.page_token[3] == 'A' ? 'B' : 'A';
  EXPECT_EQ(error_of(list(call)).message, "nextToken is not valid.");
}

}  // namespace
}  // namespace hallmark::signing
