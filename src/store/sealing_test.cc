#include "store/sealing.h"

#include <fmt/format.h>

#include "store/certificates.h"
#include "store/conformance_test.h"

namespace hallmark::store {
namespace {

class Sealing : public EachEngine {
 protected:
  Uuid add(CertificateRole role, std::uint8_t number, Bytes sealed_key, int expires_day) {
    CertificateRow row;
    row.id = Uuid();
    row.id = *Uuid::parse(fmt::format("0192f0c1-0000-7000-8000-0000000000{:02}", number));
    row.role = role;
    row.key_algorithm = "ECDSA_P384_SHA384";
    row.sealed_key = std::move(sealed_key);
    row.der = {1};
    row.not_before = day(0);
    row.not_after = day(expires_day);
    EXPECT_TRUE(write([&](Transaction& tx) { return insert_certificate(tx, row); }));
    return row.id;
  }
  static Uuid number(int of) {
    return *Uuid::parse(fmt::format("0192f0c1-0000-7000-8000-0000000000{:02}", of));
  }
  std::vector<DiscardedKey> discarded(const Uuid& after, std::size_t count) {
    return *read([&](Reader& rows) { return list_discarded_keys(rows, after, count); });
  }
  static Timestamp day(int number) { return Timestamp(std::chrono::days(20'000 + number)); }
  std::vector<SealedCertificate> sealed(const Uuid& after, std::size_t count) {
    return *read([&](Reader& rows) { return list_sealed_certificates(rows, after, count); });
  }
  std::vector<SealedCertificate> expired(int now) {
    return *read([&](Reader& rows) { return list_expired_leaf_keys(rows, day(now), 10); });
  }
};
INSTANTIATE_TEST_SUITE_P(Engines, Sealing, testing::ValuesIn(engines()), engine_name);

TEST_P(Sealing, WrappedKeysAreListedNewestFirst) {
  ASSERT_TRUE(write([](Transaction& tx) -> Result<void> {
    TRY(insert_wrapped_key(tx, {1, "aa", {1}}));
    TRY(insert_wrapped_key(tx, {2, "aa", {2}}));
    return insert_wrapped_key(tx, {2, "bb", {3}});
  }));
  const auto keys = *read([](Reader& rows) { return list_wrapped_keys(rows); });
  ASSERT_EQ(keys.size(), 3u);
  EXPECT_EQ(keys[0].number, 2);
  EXPECT_EQ(keys[2].number, 1);
  EXPECT_EQ(keys[2].wrapped, Bytes{1});
}

TEST_P(Sealing, TheOthersGoAtOnce) {
  ASSERT_TRUE(write([](Transaction& tx) -> Result<void> {
    TRY(insert_wrapped_key(tx, {1, "aa", {1}}));
    TRY(insert_wrapped_key(tx, {2, "aa", {2}}));
    TRY(insert_wrapped_key(tx, {2, "bb", {3}}));
    return keep_only_wrapped_key(tx, {2, "bb", {}});
  }));
  const auto keys = *read([](Reader& rows) { return list_wrapped_keys(rows); });
  ASSERT_EQ(keys.size(), 1u);
  EXPECT_EQ(keys[0].master, "bb");
}

TEST_P(Sealing, CertificatesWithoutAKeyAreNotListed) {
  add(CertificateRole::root, 1, {}, 9);
  const Uuid id = add(CertificateRole::leaf, 2, {7}, 9);
  const auto listed = sealed({}, 10);
  ASSERT_EQ(listed.size(), 1u);
  EXPECT_EQ(listed[0].id, id);
  EXPECT_EQ(listed[0].role, CertificateRole::leaf);
}

TEST_P(Sealing, AListGoesOnAfterItsLastRow) {
  const Uuid first = add(CertificateRole::leaf, 1, {7}, 9);
  const Uuid second = add(CertificateRole::leaf, 2, {7}, 9);
  EXPECT_EQ(sealed({}, 1).at(0).id, first);
  EXPECT_EQ(sealed(first, 1).at(0).id, second);
  EXPECT_TRUE(sealed(second, 1).empty());
}

TEST_P(Sealing, AKeyThatChangedMeanwhileIsLeftAlone) {
  const Uuid id = add(CertificateRole::leaf, 1, {7}, 9);
  ASSERT_TRUE(write([&](Transaction& tx) -> Result<void> {
    TRY(replace_sealed_key(tx, SealedCertificate{id, CertificateRole::leaf, {6}}, Bytes{1}));
    return replace_sealed_key(tx, SealedCertificate{id, CertificateRole::leaf, {7}}, Bytes{2});
  }));
  EXPECT_EQ(sealed({}, 1).at(0).sealed_key, Bytes{2});
}

TEST_P(Sealing, OnlyLeavesThatExpiredAndHaveAKeyAreRetired) {
  add(CertificateRole::intermediate, 1, {7}, 1);
  add(CertificateRole::leaf, 2, {}, 1);
  const Uuid due = add(CertificateRole::leaf, 3, {7}, 1);
  add(CertificateRole::leaf, 4, {7}, 5);
  EXPECT_TRUE(expired(1).empty());
  const auto listed = expired(2);
  ASSERT_EQ(listed.size(), 1u);
  EXPECT_EQ(listed[0].id, due);
}

TEST_P(Sealing, DiscardedKeysWaitTheOldestFirst) {
  ASSERT_TRUE(write([&](Transaction& tx) -> Result<void> {
    TRY(insert_discarded_key(tx, {number(2), "arn:two", {2}}));
    return insert_discarded_key(tx, {number(1), "arn:one", {1}});
  }));
  const auto two = discarded({}, 2);
  ASSERT_EQ(two.size(), 2u);
  EXPECT_EQ(two[0].arn, "arn:one");
  EXPECT_EQ(two[0].sealed_key, Bytes{1});
  EXPECT_EQ(discarded(two[0].id, 2).at(0).id, two[1].id);
  EXPECT_TRUE(discarded(two[1].id, 2).empty());
  ASSERT_TRUE(write([&](Transaction& tx) { return delete_discarded_key(tx, number(1)); }));
  const auto one = discarded({}, 2);
  ASSERT_EQ(one.size(), 1u);
  EXPECT_EQ(one[0].id, number(2));
}

TEST_P(Sealing, ADiscardedKeyIsReplacedOnlyWhereItIsStillThereAndUnchanged) {
  const DiscardedKey kept = {number(1), "arn:one", {1}};
  const DiscardedKey gone = {number(2), "arn:two", {2}};
  ASSERT_TRUE(write([&](Transaction& tx) -> Result<void> {
    TRY(insert_discarded_key(tx, kept));
    TRY(replace_sealed_key(tx, gone, Bytes{8}));
    TRY(replace_sealed_key(tx, kept, Bytes{9}));
    return replace_sealed_key(tx, kept, Bytes{7});
  }));
  const auto left = discarded({}, 2);
  ASSERT_EQ(left.size(), 1u);
  EXPECT_EQ(left[0].sealed_key, Bytes{9});
}

}  // namespace
}  // namespace hallmark::store
