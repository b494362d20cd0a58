#include "store/keys.h"

#include "store/conformance_test.h"

namespace hallmark::store {
namespace {

class Certificates : public EachEngine {
 protected:
  CertificateRow certificate(CertificateRole role, std::chrono::days age) {
    return {.id = next_id(),
            .role = role,
            .issuer = {},
            .key_algorithm = "P-384",
            .sealed_key = {1, 2, 3},
            .der = {0x30, 0x00},
            .not_before = start - age,
            .not_after = start - age + std::chrono::days(7),
            .account = {},
            .profile_name = {}};
  }
  CertificateRow leaf(std::string_view profile, int days_old) {
    CertificateRow row = certificate(CertificateRole::leaf, std::chrono::days(days_old));
    row.account = account().text();
    row.profile_name = profile;
    return row;
  }
  void add(const CertificateRow& row) {
    ASSERT_TRUE(write([&](Transaction& tx) { return insert_certificate(tx, row); }));
  }
};
INSTANTIATE_TEST_SUITE_P(Engines, Certificates, testing::ValuesIn(engines()), engine_name);

TEST_P(Certificates, AreFoundAsTheyWereInserted) {
  CertificateRow root = certificate(CertificateRole::root, std::chrono::days(9));
  root.sealed_key.clear();
  add(root);
  CertificateRow inserted = leaf("Release", 1);
  inserted.issuer = root.id;
  add(inserted);
  const auto found = read([&](Reader& rows) { return find_certificate(rows, inserted.id); });
  ASSERT_TRUE(*found);
  EXPECT_EQ((*found)->id, inserted.id);
  EXPECT_EQ((*found)->role, CertificateRole::leaf);
  EXPECT_EQ((*found)->issuer, root.id);
  EXPECT_EQ((*found)->key_algorithm, "P-384");
  EXPECT_EQ((*found)->sealed_key, inserted.sealed_key);
  EXPECT_EQ((*found)->der, inserted.der);
  EXPECT_EQ((*found)->not_before, inserted.not_before);
  EXPECT_EQ((*found)->not_after, inserted.not_after);
  EXPECT_EQ((*found)->account, inserted.account);
  EXPECT_EQ((*found)->profile_name, "Release");
  const auto found_root = read([&](Reader& rows) { return find_certificate(rows, root.id); });
  EXPECT_TRUE((*found_root)->sealed_key.empty());
  EXPECT_EQ((*found_root)->issuer, std::nullopt);
}

TEST_P(Certificates, NeedTheirIssuer) {
  CertificateRow row = leaf("Release", 1);
  row.issuer = next_id();
  EXPECT_EQ(refusal([&](Transaction& tx) { return insert_certificate(tx, row); }).kind,
            ErrorKind::not_found);
}

TEST_P(Certificates, TheNewestOfARoleBeganLast) {
  const CertificateRow young = certificate(CertificateRole::intermediate, std::chrono::days(1));
  add(young);
  add(certificate(CertificateRole::intermediate, std::chrono::days(2)));
  add(certificate(CertificateRole::root, std::chrono::days(0)));
  const auto newest = read(
      [](Reader& rows) { return find_newest_certificate(rows, CertificateRole::intermediate); });
  ASSERT_TRUE(*newest);
  EXPECT_EQ((*newest)->id, young.id);
}

TEST_P(Certificates, OfTwoThatBeganTogetherTheLaterMadeIsTheNewest) {
  add(leaf("Release", 1));
  const CertificateRow later = leaf("Release", 1);
  add(later);
  const auto newest = read([&](Reader& rows) { return find_newest_leaf(rows, account(), name()); });
  EXPECT_EQ((*newest)->id, later.id);
}

TEST_P(Certificates, ALeafBelongsToItsProfile) {
  const CertificateRow wanted = leaf("Release", 5);
  add(wanted);
  add(leaf("Other", 1));
  const auto newest = read([&](Reader& rows) { return find_newest_leaf(rows, account(), name()); });
  EXPECT_EQ((*newest)->id, wanted.id);
  const auto none =
      read([&](Reader& rows) { return find_newest_leaf(rows, account(), name("None")); });
  EXPECT_FALSE(*none);
}

TEST_P(Certificates, AreListedByRoleOldestFirst) {
  const CertificateRow young = leaf("A", 1);
  const CertificateRow old = leaf("B", 4);
  add(young);
  add(old);
  add(certificate(CertificateRole::root, std::chrono::days(9)));
  const auto leaves =
      read([](Reader& rows) { return list_certificates(rows, CertificateRole::leaf); });
  ASSERT_EQ(leaves->size(), 2u);
  EXPECT_EQ(leaves->at(0).id, old.id);
  EXPECT_EQ(leaves->at(1).id, young.id);
}

TEST_P(Certificates, AreFoundBySerialNumber) {
  CertificateRow row = leaf("Release", 1);
  row.serial = "0A1B";
  add(row);
  add(leaf("Release", 2));
  const auto found = read([&](Reader& rows) { return list_certificates_of_serial(rows, "0A1B"); });
  ASSERT_EQ(found->size(), 1u);
  EXPECT_EQ(found->front().id, row.id);
  EXPECT_EQ(found->front().serial, "0A1B");
}

TEST_P(Certificates, LeavesOfAnAccountAreListedByProfileAndAge) {
  add(certificate(CertificateRole::intermediate, std::chrono::days(9)));
  std::vector<CertificateRow> expected = {leaf("A", 9), leaf("A", 1), leaf("B", 20)};
  for (const std::size_t i : {1u, 2u, 0u}) add(expected[i]);
  CertificateRow other = leaf("A", 5);
  other.account = "444455556666";
  add(other);
  LeafPlace place{account()};
  for (const CertificateRow& row : expected) {
    const auto page = read([&](Reader& rows) { return list_leaves(rows, place, 1); });
    ASSERT_EQ(page->size(), 1u);
    EXPECT_EQ(page->front().id, row.id);
    place = {account(), row.profile_name, row.not_before, row.id};
  }
  EXPECT_TRUE(read([&](Reader& rows) { return list_leaves(rows, place, 9); })->empty());
}

// Requested ones.

TEST_P(Certificates, BecomeIntermediatesWithTheirKeys) {
  const CertificateRow root = certificate(CertificateRole::root, std::chrono::days(9));
  add(root);
  CertificateRow row = certificate(CertificateRole::requested_intermediate, {});
  row.issuer = root.id;
  add(row);
  row.der = {0x30, 0x01, 0x00};
  row.serial = "0A";
  row.sealed_key.clear();
  ASSERT_TRUE(write([&](Transaction& tx) { return fulfil_request(tx, row); }));
  const auto found = read([&](Reader& rows) { return find_certificate(rows, row.id); });
  ASSERT_TRUE(*found);
  EXPECT_EQ((*found)->role, CertificateRole::intermediate);
  EXPECT_EQ((*found)->der, row.der);
  EXPECT_EQ((*found)->serial, "0A");
  EXPECT_EQ((*found)->sealed_key, (Bytes{1, 2, 3}));
  const auto again = write([&](Transaction& tx) { return fulfil_request(tx, row); });
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().kind, ErrorKind::conflict);
}

TEST_P(Certificates, AreForgottenOnlyWhileTheyAreRequested) {
  const CertificateRow root = certificate(CertificateRole::root, std::chrono::days(9));
  const CertificateRow asked = certificate(CertificateRole::requested_intermediate, {});
  for (const CertificateRow& row : {root, asked}) {
    add(row);
    ASSERT_TRUE(write([&](Transaction& tx) -> Result<void> {
      TRY(const bool gone, delete_request(tx, row.id));
      EXPECT_EQ(gone, row.id == asked.id);
      return {};
    }));
  }
  EXPECT_TRUE(*read([&](Reader& rows) { return find_certificate(rows, root.id); }));
  EXPECT_FALSE(*read([&](Reader& rows) { return find_certificate(rows, asked.id); }));
}

}  // namespace
}  // namespace hallmark::store
