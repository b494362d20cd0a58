#include "store/gauges.h"

#include "store/conformance_test.h"
#include "store/jobs.h"

namespace hallmark::store {
namespace {

class Gauges : public EachEngine {
 protected:
  Gauges() { add_profile(profile()); }
  UnfinishedJobs counted(Timestamp now) {
    return *read([&](Reader& rows) { return count_unfinished_jobs(rows, now); });
  }
};
INSTANTIATE_TEST_SUITE_P(Engines, Gauges, testing::ValuesIn(engines()), engine_name);

TEST_P(Gauges, AreEmptyOfAnEmptyStore) {
  const UnfinishedJobs jobs = counted(start);
  EXPECT_EQ(jobs.waiting, 0);
  EXPECT_EQ(jobs.claimed, 0);
  EXPECT_EQ(jobs.oldest_created_at, std::nullopt);
  EXPECT_EQ(*read([](Reader& rows) { return find_next_leaf_end(rows, start); }), std::nullopt);
}

TEST_P(Gauges, TellJobsThatWaitFromThoseThatAreClaimed) {
  const auto now = start + std::chrono::seconds(100);
  const model::Job first = job();
  add_job(first);
  add_job(job());
  ASSERT_TRUE(store().write([&](Transaction& tx) {
    return claim_job(tx, {now, now + std::chrono::seconds(30)});
  }));
  const UnfinishedJobs jobs = counted(now);
  EXPECT_EQ(jobs.waiting, 1);
  EXPECT_EQ(jobs.claimed, 1);
  EXPECT_EQ(jobs.oldest_created_at, first.id.time());
}

TEST_P(Gauges, NameTheLeafThatEndsFirstOfThoseWithAKey) {
  const auto add = [&](std::uint8_t number, std::chrono::hours life, Bytes key) {
    CertificateRow row{.id = {},
                       .role = CertificateRole::leaf,
                       .issuer = {},
                       .key_algorithm = "ECDSA_P384_SHA384",
                       .sealed_key = std::move(key),
                       .der = {1},
                       .not_before = start,
                       .not_after = start + life,
                       .account = "111122223333",
                       .profile_name = "release"};
    row.id.bytes[15] = number;
    ASSERT_TRUE(write([&](Transaction& tx) { return insert_certificate(tx, row); }));
  };
  using std::chrono::hours;
  add(1, hours(1), {1});
  add(2, hours(30), {1});
  add(3, hours(20), {1});
  add(4, hours(10), {});
  const auto end = read([](Reader& rows) { return find_next_leaf_end(rows, start + hours(2)); });
  EXPECT_EQ(*end, start + hours(20));
}

}  // namespace
}  // namespace hallmark::store
