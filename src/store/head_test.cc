#include "store/head.h"

#include "store/certificate_revocation.h"
#include "store/conformance_test.h"
#include "store/settings.h"
#include "store/standstill.h"

namespace hallmark::store {
namespace {

class StoreHead : public EachEngine {
 protected:
  Result<void> record(std::uint8_t hash) {
    return write([&](Transaction& tx) {
      return append_audit(tx, {.body = "r", .body_hash = hash_of(hash)});
    });
  }
  Head head() {
    return *read([&](Reader& rows) { return find_head(rows, store().node_number()); });
  }
  HeadFate fate(const Head& head) {
    return *read([&](Reader& rows) { return find_fate(rows, head); });
  }
  static Work revocation(std::string tbs) {
    return [tbs = std::move(tbs)](Transaction& tx) -> Result<void> {
      TRY(append_audit(tx, {.body = "revoked", .body_hash = hash_of(7)}));
      return insert_certificate_revocation(tx, {tbs, "UNSPECIFIED", start, "who"});
    };
  }
  Standing standing() {
    return *read([](Reader& rows) { return find_standing(rows); });
  }
};
INSTANTIATE_TEST_SUITE_P(Engines, StoreHead, testing::ValuesIn(engines()), engine_name);

TEST_P(StoreHead, OfAnEmptyChainIsKeptByEveryStore) {
  const Head empty = head();
  EXPECT_EQ(sequence_of(empty.place), 0);
  EXPECT_EQ(fate(empty), HeadFate::kept);
}

TEST_P(StoreHead, IsKeptWhenMoreFollows) {
  ASSERT_TRUE(record(1));
  const Head first = head();
  ASSERT_TRUE(record(2));
  EXPECT_NE(head(), first);
  EXPECT_EQ(fate(first), HeadFate::kept);
  EXPECT_EQ(fate(head()), HeadFate::kept);
}

TEST_P(StoreHead, IsLostWhenTheChainEndsBeforeIt) {
  ASSERT_TRUE(record(1));
  Head ahead = head();
  ahead.place += 1;
  EXPECT_EQ(fate(ahead), HeadFate::lost);
}

TEST_P(StoreHead, IsReplacedWhenAnotherRecordIsInItsPlace) {
  ASSERT_TRUE(record(1));
  Head other = head();
  other.link[0] ^= 1;
  EXPECT_EQ(fate(other), HeadFate::replaced);
}

TEST_P(StoreHead, IsShownToTheWitnessBeforeARevocationIsTold) {
  std::vector<Head> seen;
  store().set_witness([&](const Head& shown) { seen.push_back(shown); });
  ASSERT_TRUE(write(revocation("aa")));
  ASSERT_EQ(seen.size(), 1u);
  EXPECT_EQ(seen.front(), head());
}

TEST_P(StoreHead, IsNotShownForWhatMayBeRepeated) {
  int seen = 0;
  store().set_witness([&](const Head&) { ++seen; });
  ASSERT_TRUE(record(1));
  EXPECT_EQ(seen, 0);
}

TEST_P(StoreHead, OfARefusedRevocationIsThatOfWhatIsThere) {
  std::vector<Head> seen;
  store().set_witness([&](const Head& shown) { seen.push_back(shown); });
  ASSERT_TRUE(write(revocation("aa")));
  EXPECT_EQ(refusal(revocation("aa")).kind, ErrorKind::conflict);
  for (const Head& shown : seen) EXPECT_EQ(shown, head());
}

TEST_P(StoreHead, AFreshStoreStandsInNoEpoch) {
  EXPECT_EQ(standing().epoch, 0);
  EXPECT_FALSE(standing().standstill);
}

TEST_P(StoreHead, AStandstillLastsUntilItIsAccepted) {
  ASSERT_TRUE(write([](Transaction& tx) { return insert_standstill(tx, {4, "cause", start}); }));
  ASSERT_TRUE(standing().standstill);
  EXPECT_EQ(standing().standstill->cause, "cause");
  EXPECT_EQ(standing().epoch, 0);
  ASSERT_TRUE(write([](Transaction& tx) { return accept_standstills(tx, {4, start, "because"}); }));
  EXPECT_FALSE(standing().standstill);
  EXPECT_EQ(standing().epoch, 4);
}

TEST_P(StoreHead, AllThatNobodyHasAcceptedAreListedTheOldestFirst) {
  for (const std::int64_t number : {2, 1}) {
    ASSERT_TRUE(write([&](Transaction& tx) {
      return insert_standstill(tx, {number, "cause", start});
    }));
  }
  const auto list = [&] { return *read([](Reader& rows) { return list_open_standstills(rows); }); };
  ASSERT_EQ(list().size(), 2u);
  EXPECT_EQ(list()[0].number, 1);
  EXPECT_EQ(list()[1].number, 2);
  ASSERT_TRUE(write([](Transaction& tx) { return accept_standstills(tx, {2, start, "because"}); }));
  EXPECT_TRUE(list().empty());
}

TEST_P(StoreHead, ASecondNoticeOfTheSameIsAConflict) {
  const auto notice = [](Transaction& tx) { return insert_standstill(tx, {1, "cause", start}); };
  ASSERT_TRUE(write(notice));
  EXPECT_EQ(refusal(notice).kind, ErrorKind::conflict);
}

TEST_P(StoreHead, NothingIsAcceptedWhereNothingStandsStill) {
  const auto refused = refusal([](Transaction& tx) {
    return accept_standstills(tx, {1, start, "because"});
  });
  EXPECT_EQ(refused.kind, ErrorKind::not_found);
}

TEST_P(StoreHead, WhatIsNoticedAfterTheLastThatIsAcceptedStandsStillFurther) {
  for (const std::int64_t number : {1, 2}) {
    ASSERT_TRUE(write([&](Transaction& tx) {
      return insert_standstill(tx, {number, "cause", start});
    }));
  }
  ASSERT_TRUE(write([](Transaction& tx) { return accept_standstills(tx, {1, start, "because"}); }));
  ASSERT_TRUE(standing().standstill);
  EXPECT_EQ(standing().standstill->number, 2);
  EXPECT_EQ(standing().epoch, 1);
}

}  // namespace
}  // namespace hallmark::store
