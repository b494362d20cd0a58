#include "store/certificates.h"

#include "store/conformance_test.h"

namespace hallmark::store {
namespace {

constexpr std::string_view arn = "arn:aws:acm:us-east-1:111122223333:certificate/one";

class ImportedCertificates : public EachEngine {
 protected:
  ImportedCertificate certificate(std::string_view digits = "111122223333") {
    return {.account = account(digits),
            .id = next_id(),
            .chain = "-----BEGIN CERTIFICATE-----\n",
            .tags = {{"team", "one"}, {"empty", ""}},
            .created_at = start,
            .imported_at = start + std::chrono::hours(1)};
  }
  ImportedCertificate add(std::string_view digits = "111122223333") {
    const ImportedCertificate row = certificate(digits);
    EXPECT_TRUE(
        write([&](Transaction& tx) { return insert_imported_certificate(tx, row, sealed_key); }));
    return row;
  }
  std::optional<ImportedCertificate> find(const ImportedCertificate& row) {
    return *read(
        [&](Reader& rows) { return find_imported_certificate(rows, row.account, row.id); });
  }
  std::vector<Uuid> list(const CertificatePlace& place, std::size_t count) {
    const auto found =
        read([&](Reader& rows) { return list_imported_certificates(rows, place, count); });
    std::vector<Uuid> ids;
    for (const ImportedCertificate& row : *found) ids.push_back(row.id);
    return ids;
  }
  std::size_t users_of(std::string_view certificate_arn) {
    const auto found =
        read([&](Reader& rows) { return list_profiles_of_certificate(rows, certificate_arn, 10); });
    return found->size();
  }

  const Bytes sealed_key = {1, 2, 3};
};
INSTANTIATE_TEST_SUITE_P(Engines, ImportedCertificates, testing::ValuesIn(engines()), engine_name);

TEST_P(ImportedCertificates, AreFoundAsTheyWereInserted) {
  const ImportedCertificate inserted = add();
  const auto found = find(inserted);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->account, inserted.account);
  EXPECT_EQ(found->id, inserted.id);
  EXPECT_EQ(found->chain, inserted.chain);
  EXPECT_EQ(found->tags, inserted.tags);
  EXPECT_EQ(found->created_at, inserted.created_at);
  EXPECT_EQ(found->imported_at, inserted.imported_at);
  EXPECT_EQ(found->revision, 0);
}

TEST_P(ImportedCertificates, BelongToOneAccount) {
  ImportedCertificate row = add();
  row.account = account("999999999999");
  EXPECT_FALSE(find(row));
}

TEST_P(ImportedCertificates, HaveTheirKeyBesideThem) {
  const ImportedCertificate row = add();
  const auto key = read([&](Reader& rows) { return find_imported_key(rows, row.account, row.id); });
  EXPECT_EQ(*key, sealed_key);
}

TEST_P(ImportedCertificates, AreReplacedWithTheirKeyAndKeepTheirTags) {
  const ImportedCertificate before = add();
  ImportedCertificate after = before;
  after.chain = "another";
  after.imported_at = start + std::chrono::hours(5);
  after.tags = {};
  ASSERT_TRUE(
      write([&](Transaction& tx) { return replace_imported_certificate(tx, after, Bytes{9}); }));
  const auto found = find(before);
  EXPECT_EQ(found->chain, "another");
  EXPECT_EQ(found->imported_at, after.imported_at);
  EXPECT_EQ(found->created_at, before.created_at);
  EXPECT_EQ(found->tags, before.tags);
  EXPECT_EQ(found->revision, 1);
  const auto key =
      read([&](Reader& rows) { return find_imported_key(rows, before.account, before.id); });
  EXPECT_EQ(*key, Bytes{9});
}

TEST_P(ImportedCertificates, ThatSomebodyElseChangedAreNotChanged) {
  ImportedCertificate stale = add();
  ASSERT_TRUE(write([&](Transaction& tx) { return update_certificate_tags(tx, stale); }));
  EXPECT_EQ(refusal([&](Transaction& tx) { return update_certificate_tags(tx, stale); }).kind,
            ErrorKind::conflict);
  EXPECT_EQ(refusal([&](Transaction& tx) {
              return replace_imported_certificate(tx, stale, sealed_key);
            }).kind,
            ErrorKind::conflict);
  EXPECT_EQ(refusal([&](Transaction& tx) { return delete_imported_certificate(tx, stale); }).kind,
            ErrorKind::conflict);
}

TEST_P(ImportedCertificates, GetOtherTags) {
  ImportedCertificate row = add();
  row.tags = {{"b", "2"}, {"a", "1"}};
  ASSERT_TRUE(write([&](Transaction& tx) { return update_certificate_tags(tx, row); }));
  EXPECT_EQ(find(row)->tags, row.tags);
}

TEST_P(ImportedCertificates, AreDeletedWithTheirKey) {
  const ImportedCertificate row = add();
  ASSERT_TRUE(write([&](Transaction& tx) { return delete_imported_certificate(tx, row); }));
  EXPECT_FALSE(find(row));
  EXPECT_FALSE(*read([&](Reader& rows) { return find_imported_key(rows, row.account, row.id); }));
}

TEST_P(ImportedCertificates, AreCountedByAccount) {
  add();
  add();
  add("999999999999");
  EXPECT_EQ(*read([&](Reader& rows) { return count_imported_certificates(rows, account()); }), 2u);
}

TEST_P(ImportedCertificates, AreListedInEitherOrder) {
  const Uuid first = add().id;
  const Uuid second = add().id;
  add("999999999999");
  EXPECT_EQ(list({account()}, 10), (std::vector{first, second}));
  EXPECT_EQ(list({account(), Order::newest_first}, 10), (std::vector{second, first}));
}

TEST_P(ImportedCertificates, AreListedOnFromAPlace) {
  const Uuid first = add().id;
  const Uuid second = add().id;
  const Uuid third = add().id;
  EXPECT_EQ(list({account(), Order::oldest_first, first}, 1), std::vector{second});
  EXPECT_EQ(list({account(), Order::newest_first, third}, 1), std::vector{second});
}

TEST_P(ImportedCertificates, AreUsedByTheActiveProfilesThatNameThem) {
  for (const auto& [text, status] : {std::pair("Active", model::ProfileStatus::active),
                                     std::pair("Canceled", model::ProfileStatus::canceled)}) {
    model::Profile made = profile(text);
    made.certificate_arn = arn;
    made.status = status;
    add_profile(made);
  }
  add_profile(profile("Other"));
  const auto found = read([](Reader& rows) { return list_profiles_of_certificate(rows, arn, 10); });
  EXPECT_EQ(*found, (std::vector{CertificateProfile{account(), name("Active")}}));
}

TEST_P(ImportedCertificates, OfNoNameHaveNoUsers) {
  add_profile(profile());
  EXPECT_EQ(users_of(""), 0u);
}

TEST_P(ImportedCertificates, AreFoundBySerialNumberInEveryAccount) {
  ImportedCertificate row = certificate("444455556666");
  row.serial = "0A";
  ASSERT_TRUE(
      write([&](Transaction& tx) { return insert_imported_certificate(tx, row, sealed_key); }));
  add();
  const auto by_serial = [&](std::string_view serial) {
    return *read([&](Reader& rows) { return list_imported_of_serial(rows, serial); });
  };
  ASSERT_EQ(by_serial("0A").size(), 1u);
  EXPECT_EQ(by_serial("0A").front().id, row.id);
  row.serial = "0B";
  ASSERT_TRUE(
      write([&](Transaction& tx) { return replace_imported_certificate(tx, row, sealed_key); }));
  EXPECT_TRUE(by_serial("0A").empty());
  EXPECT_EQ(by_serial("0B").size(), 1u);
}

}  // namespace
}  // namespace hallmark::store
