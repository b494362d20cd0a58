#include "store/seen_time.h"

#include "store/conformance_test.h"

namespace hallmark::store {
namespace {

using SeenTime = EachEngine;
INSTANTIATE_TEST_SUITE_P(Engines, SeenTime, testing::ValuesIn(engines()), engine_name);

constexpr auto at(int seconds) { return Timestamp(std::chrono::seconds(seconds)); }

TEST_P(SeenTime, IsNothingAtFirst) {
  EXPECT_EQ(*read([](Reader& rows) { return find_seen_time(rows); }), std::nullopt);
}

TEST_P(SeenTime, IsTheLatestAndNeverGoesBack) {
  ASSERT_TRUE(write([](Transaction& tx) { return see_time(tx, at(1'000)); }));
  ASSERT_TRUE(write([](Transaction& tx) { return see_time(tx, at(3'000)); }));
  ASSERT_TRUE(write([](Transaction& tx) { return see_time(tx, at(2'000)); }));
  EXPECT_EQ(*read([](Reader& rows) { return find_seen_time(rows); }), at(3'000));
}

TEST_P(SeenTime, GoesBackWhenAnEarlierTimeIsAccepted) {
  ASSERT_TRUE(write([](Transaction& tx) { return see_time(tx, at(3'000)); }));
  ASSERT_TRUE(write([](Transaction& tx) { return accept_time(tx, at(2'000)); }));
  EXPECT_EQ(*read([](Reader& rows) { return find_seen_time(rows); }), at(2'000));
}

}  // namespace
}  // namespace hallmark::store
