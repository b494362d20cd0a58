#include "store/audit.h"

#include "store/conformance_test.h"
#include "store/driver.h"

namespace hallmark::store {
namespace {

class Audit : public EachEngine {
 protected:
  void append(std::string_view body, std::uint8_t hash) {
    ASSERT_TRUE(write([&](Transaction& tx) {
      return append_audit(tx, {.body = std::string(body), .body_hash = hash_of(hash)});
    }));
  }
  std::vector<AuditRow> rows_after(std::int64_t sequence, std::size_t count) {
    auto found = read([&](Reader& rows) { return list_audit(rows, sequence, count); });
    return *std::move(found);
  }
  // What somebody with a database tool could do.
  template <class... Arguments>
  void tamper(Sql sql, const Arguments&... arguments) {
    ASSERT_TRUE(write([&](Transaction& tx) -> Result<void> {
      TRY(execute(tx, sql, arguments...));
      return {};
    }));
  }
  std::string fault() {
    const auto checked = store().check();
    EXPECT_FALSE(checked);
    if (checked) return {};
    EXPECT_EQ(checked.error().kind, ErrorKind::corrupt);
    return checked.error().message;
  }
};
INSTANTIATE_TEST_SUITE_P(Engines, Audit, testing::ValuesIn(engines()), engine_name);

TEST_P(Audit, RecordsAreLinkedInOrder) {
  append("one", 1);
  append("two", 2);
  const auto rows = rows_after(0, 10);
  ASSERT_EQ(rows.size(), 2u);
  const Hash first = test_link(Hash{}, hash_of(1));
  EXPECT_EQ(rows[0].sequence, 1);
  EXPECT_EQ(rows[0].body, "one");
  EXPECT_EQ(rows[0].link, first);
  EXPECT_EQ(rows[1].sequence, 2);
  EXPECT_EQ(rows[1].link, test_link(first, hash_of(2)));
}

TEST_P(Audit, AListBeginsAfterASequenceAndEndsWithTheCount) {
  for (std::uint8_t i = 1; i <= 5; ++i) append("record", i);
  const auto rows = rows_after(2, 2);
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows[0].sequence, 3);
  EXPECT_EQ(rows[1].sequence, 4);
  EXPECT_TRUE(rows_after(5, 2).empty());
}

TEST_P(Audit, AUnitMayAppendSeveral) {
  ASSERT_TRUE(write([](Transaction& tx) -> Result<void> {
    TRY(append_audit(tx, {.body = "a", .body_hash = hash_of(1)}));
    return append_audit(tx, {.body = "b", .body_hash = hash_of(2)});
  }));
  EXPECT_EQ(rows_after(0, 10).size(), 2u);
  EXPECT_TRUE(store().check());
}

TEST_P(Audit, ARecordOfAFailedUnitLeavesNoGap) {
  append("one", 1);
  refusal([](Transaction& tx) -> Result<void> {
    TRY(append_audit(tx, {.body = "lost", .body_hash = hash_of(9)}));
    return denied("no");
  });
  append("two", 2);
  const auto rows = rows_after(0, 10);
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows[1].sequence, 2);
  EXPECT_EQ(rows[1].body, "two");
  EXPECT_TRUE(store().check());
}

TEST_P(Audit, TheChainGoesOnAfterReopening) {
  append("one", 1);
  reopen();
  append("two", 2);
  EXPECT_EQ(rows_after(0, 10)[1].link, test_link(test_link(Hash{}, hash_of(1)), hash_of(2)));
  EXPECT_TRUE(store().check());
}

TEST_P(Audit, AnEmptyStoreIsSound) { EXPECT_TRUE(store().check()); }

TEST_P(Audit, CheckNamesAnExchangedRecord) {
  for (std::uint8_t i = 1; i <= 3; ++i) append("record", i);
  tamper("UPDATE audit SET body_hash = $1 WHERE sequence = 2", ByteView(hash_of(7)));
  EXPECT_EQ(fault(), "Audit record 2 does not follow from the one before.");
}

TEST_P(Audit, CheckNamesARemovedRecord) {
  for (std::uint8_t i = 1; i <= 3; ++i) append("record", i);
  tamper("DELETE FROM audit WHERE sequence = 2");
  EXPECT_EQ(fault(), "Audit record 2 is missing.");
}

TEST_P(Audit, CheckNamesAChangedLink) {
  for (std::uint8_t i = 1; i <= 3; ++i) append("record", i);
  tamper("UPDATE audit SET link = $1 WHERE sequence = 3", ByteView(hash_of(7)));
  EXPECT_EQ(fault(), "Audit record 3 does not follow from the one before.");
}

TEST_P(Audit, CheckNamesAJobWithoutItsWork) {
  add_profile(profile());
  const model::Job lost = job();
  add_job(lost);
  tamper("DELETE FROM job_work");
  EXPECT_EQ(fault(),
            "Job " + lost.id.text() + " of account 111122223333 is in progress without work.");
}

TEST_P(Audit, CheckNamesWorkOfAnEndedJob) {
  add_profile(profile());
  const model::Job ended = job();
  add_job(ended);
  tamper("UPDATE jobs SET status = 1");
  EXPECT_EQ(fault(),
            "Job " + ended.id.text() + " of account 111122223333 has work and is not in progress.");
}

// Rows that no typed function writes are refused by the reader, and others keep working.
TEST_P(Audit, ARowThatBreaksItsRulesIsCorrupt) {
  add_profile(profile("Broken"));
  add_profile(profile("Whole"));
  tamper("UPDATE profiles SET status = 9 WHERE name = 'Broken'");
  const auto broken =
      store().read([](Reader& rows) { return find_profile(rows, account(), name("Broken")); });
  ASSERT_FALSE(broken);
  EXPECT_EQ(broken.error().kind, ErrorKind::corrupt);
  EXPECT_TRUE(read([](Reader& rows) { return find_profile(rows, account(), name("Whole")); }));
}

}  // namespace
}  // namespace hallmark::store
