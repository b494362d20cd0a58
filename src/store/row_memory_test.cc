#include "store/row_memory.h"

#include <gtest/gtest.h>

#include "store/conformance_test.h"
#include "store/job_retention.h"

namespace hallmark::store {
namespace {

using Texts = KeptRows<std::string>;

Texts::Pointer text(std::string value) {
  return std::make_shared<const std::string>(std::move(value));
}

TEST(KeptRowsTest, TellWhatWasKeptOfTheSameNumber) {
  Texts kept(RowKind::profile, 10);
  kept.keep("a", 4, text("one"));
  ASSERT_NE(kept.find("a", 4), nullptr);
  EXPECT_EQ(*kept.find("a", 4), "one");
  EXPECT_EQ(kept.find("b", 4), nullptr);
  EXPECT_EQ(kept.find("a", 6), nullptr);
}

TEST(KeptRowsTest, ForgetAllOfAnEarlierNumber) {
  Texts kept(RowKind::profile, 10);
  kept.keep("a", 4, text("one"));
  kept.keep("b", 6, text("two"));
  EXPECT_EQ(kept.find("a", 4), nullptr);
  EXPECT_EQ(kept.find("a", 6), nullptr);
}

TEST(KeptRowsTest, DoNotTakeWhatWasReadBeforeAChange) {
  Texts kept(RowKind::profile, 10);
  kept.keep("a", 6, text("new"));
  kept.keep("a", 4, text("old"));
  EXPECT_EQ(*kept.find("a", 6), "new");
  EXPECT_EQ(kept.find("a", 4), nullptr);
}

TEST(KeptRowsTest, AreNoMoreThanTheirBound) {
  Texts kept(RowKind::profile, 2);
  for (const char* name : {"a", "b", "c"}) kept.keep(name, 0, text(name));
  EXPECT_EQ(kept.find("a", 0), nullptr);
  EXPECT_NE(kept.find("c", 0), nullptr);
}

TEST(RowMemoryTest, ANumberIsOddDuringTheCommitAndAnotherOneAfterIt) {
  RowMemory memory;
  const RowNumbers before = memory.numbers();
  {
    const RowMemory::Change change(&memory, {true, false, false});
    EXPECT_EQ(memory.numbers()[0] % 2, 1u);
    EXPECT_EQ(memory.numbers()[1], before[1]);
  }
  EXPECT_EQ(memory.numbers()[0] % 2, 0u);
  EXPECT_NE(memory.numbers()[0], before[0]);
}

// What holds on every engine: who reads after a change was answered sees it.
class RecalledRows : public EachEngine {
 protected:
  RecalledRows() { add_profile(profile()); }

  std::optional<model::Profile> find(const model::ProfileName& of = name()) {
    return *read([&](Reader& rows) { return find_profile(rows, account(), of); });
  }
  SignatureName signature(const model::Job& of) {
    return {of.owner, of.id, of.profile_name, of.profile_version};
  }
  std::optional<SignatureState> find_state(const model::Job& of) {
    return *read([&](Reader& rows) { return find_signature(rows, signature(of)); });
  }
  std::optional<model::Job> find_job(const model::Job& of) {
    return *read([&](Reader& rows) { return store::find_job(rows, of.owner, of.id); });
  }
  bool is_revoked(const std::string& certificate) {
    return read([&](Reader& rows) { return find_certificate_revocation(rows, certificate); })
        ->has_value();
  }
  void change(Work work) { ASSERT_TRUE(write(std::move(work))); }
};

TEST_P(RecalledRows, AreWhatTheStoreHas) {
  for (int time = 0; time < 2; ++time) {
    EXPECT_EQ(find()->name, profile().name);
    EXPECT_EQ(find()->version, profile().version);
    EXPECT_EQ(find()->created_at, profile().created_at);
  }
}

TEST_P(RecalledRows, AProfileThatIsAddedIsFoundAtOnce) {
  EXPECT_FALSE(find(name("Later")));
  add_profile(profile("Later"));
  EXPECT_TRUE(find(name("Later")));
}

TEST_P(RecalledRows, AChangedStatusIsSeenAtOnce) {
  auto changed = *find();
  changed.status = model::ProfileStatus::canceled;
  change([&](Transaction& tx) { return update_status(tx, changed); });
  EXPECT_EQ(find()->status, model::ProfileStatus::canceled);
}

TEST_P(RecalledRows, ChangedPermissionsAreSeenAtOnce) {
  auto changed = *find();
  changed.permissions.statements = {{"one", "signer:SignPayload", "999999999999", "", ""}};
  change([&](Transaction& tx) { return update_permissions(tx, changed); });
  EXPECT_EQ(find()->permissions.statements, changed.permissions.statements);
}

TEST_P(RecalledRows, ChangedTagsAreSeenAtOnce) {
  auto changed = *find();
  changed.tags = {{"stage", "prod"}};
  change([&](Transaction& tx) { return update_tags(tx, changed); });
  EXPECT_EQ(find()->tags, changed.tags);
}

// A unit sees what it has written itself, and nobody else does until it is committed.
TEST_P(RecalledRows, AUnitSeesItsOwnChange) {
  auto changed = *find();
  changed.tags = {{"stage", "prod"}};
  change([&](Transaction& tx) -> Result<void> {
    TRY(update_tags(tx, changed));
    TRY(const auto seen, find_profile(tx, account(), name()));
    EXPECT_EQ(seen->tags, changed.tags);
    EXPECT_TRUE(find()->tags.empty());
    return {};
  });
}

TEST_P(RecalledRows, AUnitThatFailedHasChangedNothing) {
  auto changed = *find();
  changed.tags = {{"stage", "prod"}};
  EXPECT_FALSE(write([&](Transaction& tx) -> Result<void> {
    TRY(update_tags(tx, changed));
    return unavailable("after all");
  }));
  EXPECT_TRUE(find()->tags.empty());
}

// What a snapshot from before a change tells must not be told after it.
TEST_P(RecalledRows, AReadThatBeganBeforeAChangeLeavesNothingBehind) {
  auto changed = profile();
  changed.tags = {{"stage", "prod"}};
  ASSERT_TRUE(read([&](Reader& rows) -> Result<void> {
    TRY(const auto other, find_profile(rows, account(), name("Missing")));  // begins the snapshot
    EXPECT_FALSE(other);
    change([&](Transaction& tx) { return update_tags(tx, changed); });
    TRY(const auto seen, find_profile(rows, account(), name()));
    return {};
  }));
  EXPECT_EQ(find()->tags, changed.tags);
}

TEST_P(RecalledRows, ARevokedSignatureIsSeenAtOnce) {
  const model::Job first = payload_job();
  model::Job second = payload_job();
  add_job(first);
  add_job(second);
  EXPECT_FALSE(find_state(first)->job_revoked);
  EXPECT_FALSE(find_state(second)->job_revoked);
  change([&](Transaction& tx) {
    return revoke_job(tx, first.owner, first.id, {"leaked", start, "arn"});
  });
  EXPECT_TRUE(find_state(first)->job_revoked);
  EXPECT_FALSE(find_state(second)->job_revoked);
  auto revoked = *find();
  revoked.revocation = {start, start, "arn"};
  change([&](Transaction& tx) { return update_status(tx, revoked); });
  EXPECT_EQ(find_state(second)->profile_revoked_from, start);
}

TEST_P(RecalledRows, ASignatureIsFoundAsSoonAsItIsMadeAndGoneWithItsJob) {
  const model::Job job = payload_job();
  EXPECT_FALSE(find_state(job));
  add_job(job);
  EXPECT_TRUE(find_state(job));
  change([&](Transaction& tx) -> Result<void> {
    TRY(remove_jobs(tx, job.owner, std::span(&job.id, 1)));
    return {};
  });
  EXPECT_FALSE(find_state(job));
}

TEST_P(RecalledRows, AJobIsSeenAsItIsUntilItHasEndedAndAfterThat) {
  const model::Job begun = job();
  add_job(begun);
  EXPECT_EQ(find_job(begun)->status, model::JobStatus::in_progress);
  const Timestamp later = start + std::chrono::hours(1);
  change([&](Transaction& tx) -> Result<void> {
    TRY(const auto claimed, claim_job(tx, {later, later + std::chrono::minutes(1)}));
    model::Job failed = claimed->job;
    failed.status = model::JobStatus::failed;
    failed.completed_at = start;
    return complete_job(tx, failed, claimed->work.fence);
  });
  EXPECT_EQ(find_job(begun)->status, model::JobStatus::failed);
  EXPECT_EQ(find_job(begun)->status, model::JobStatus::failed);
}

TEST_P(RecalledRows, ARevokedJobIsSeenAtOnce) {
  const model::Job signed_one = payload_job();
  add_job(signed_one);
  EXPECT_FALSE(find_job(signed_one)->revocation);
  change([&](Transaction& tx) {
    return revoke_job(tx, signed_one.owner, signed_one.id, {"leaked", start, "arn"});
  });
  EXPECT_TRUE(find_job(signed_one)->revocation);
}

TEST_P(RecalledRows, ARemovedJobIsGoneAtOnce) {
  const model::Job old = payload_job();
  add_job(old);
  EXPECT_TRUE(find_job(old));
  change([&](Transaction& tx) -> Result<void> {
    TRY(remove_jobs(tx, old.owner, std::span(&old.id, 1)));
    return {};
  });
  EXPECT_FALSE(find_job(old));
}

TEST_P(RecalledRows, ARevokedCertificateIsSeenAtOnce) {
  EXPECT_FALSE(is_revoked("aa"));
  EXPECT_FALSE(is_revoked("bb"));
  change([&](Transaction& tx) {
    return insert_certificate_revocation(tx, {"aa", "UNSPECIFIED", start, "arn"});
  });
  EXPECT_TRUE(is_revoked("aa"));
  EXPECT_FALSE(is_revoked("bb"));
}

INSTANTIATE_TEST_SUITE_P(Engines, RecalledRows, testing::ValuesIn(engines()), engine_name);

}  // namespace
}  // namespace hallmark::store
