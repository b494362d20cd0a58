#include "store/profiles.h"

#include "store/conformance_test.h"

namespace hallmark::store {
namespace {

using model::ProfileStatus;

class Profiles : public EachEngine {
 public:
  model::Profile get(std::string_view which = "Release") {
    const auto found =
        read([&](Reader& rows) { return find_profile(rows, account(), name(which)); });
    CHECK(found && *found);
    return **found;
  }
};
INSTANTIATE_TEST_SUITE_P(Engines, Profiles, testing::ValuesIn(engines()), engine_name);

model::Profile full(model::Profile profile) {
  profile.status = model::ProfileStatus::revoked;
  profile.status_reason = "key \"leaked\"\n";
  profile.validity = {.unit = model::ValidityPeriod::Unit::days, .value = 7};
  profile.certificate_arn = "arn:aws:acm:us-east-1:111122223333:certificate/1";
  profile.overrides = {
      .encryption_algorithm = "RSA", .hash_algorithm = "SHA256", .image_format = "JSONEmbedded"};
  profile.signing_parameters = {{"zulu", "1"}, {"alpha", "\u00fc \\ \""}};
  profile.tags = {{"team", ""}};
  profile.canceled_at = profile.created_at + std::chrono::seconds(1);
  profile.revocation =
      model::ProfileRevocation{.effective_from = profile.created_at,
                               .revoked_at = profile.created_at + std::chrono::seconds(2),
                               .revoked_by = "arn:aws:iam::111122223333:root"};
  return profile;
}

std::vector<std::string> names_of(const std::vector<model::Profile>& profiles) {
  std::vector<std::string> names;
  for (const auto& profile : profiles) names.push_back(profile.name.text());
  return names;
}
using Names = std::vector<std::string>;

TEST_P(Profiles, AreFoundAsTheyWereInserted) {
  const model::Profile inserted = full(profile());
  add_profile(inserted);
  const auto found =
      read([&](Reader& rows) { return find_profile(rows, inserted.account, inserted.name); });
  ASSERT_TRUE(found && *found);
  const model::Profile& same = **found;
  EXPECT_EQ(same.account, inserted.account);
  EXPECT_EQ(same.name, inserted.name);
  EXPECT_EQ(same.version, inserted.version);
  EXPECT_EQ(same.platform_id, inserted.platform_id);
  EXPECT_EQ(same.status, inserted.status);
  EXPECT_EQ(same.status_reason, inserted.status_reason);
  EXPECT_EQ(same.validity, inserted.validity);
  EXPECT_EQ(same.certificate_arn, inserted.certificate_arn);
  EXPECT_EQ(same.overrides, inserted.overrides);
  EXPECT_EQ(same.signing_parameters, inserted.signing_parameters);
  EXPECT_EQ(same.tags, inserted.tags);
  EXPECT_EQ(same.created_at, inserted.created_at);
  EXPECT_EQ(same.canceled_at, inserted.canceled_at);
  EXPECT_EQ(same.revocation, inserted.revocation);
}

TEST_P(Profiles, KeepWhatIsAbsentAbsent) {
  add_profile(profile());
  const auto found = read([&](Reader& rows) { return find_profile(rows, account(), name()); });
  ASSERT_TRUE(found && *found);
  EXPECT_EQ((*found)->canceled_at, std::nullopt);
  EXPECT_EQ((*found)->revocation, std::nullopt);
  EXPECT_TRUE((*found)->tags.empty());
}

TEST_P(Profiles, OfOtherNamesAndAccountsAreNotFound) {
  add_profile(profile());
  const auto other_name =
      read([&](Reader& rows) { return find_profile(rows, account(), name("release")); });
  EXPECT_FALSE(*other_name);
  const auto other_account =
      read([&](Reader& rows) { return find_profile(rows, account("999999999999"), name()); });
  EXPECT_FALSE(*other_account);
}

TEST_P(Profiles, ATakenNameIsAConflictInWhateverStatus) {
  model::Profile canceled = profile();
  canceled.status = model::ProfileStatus::canceled;
  add_profile(canceled);
  const Error error = refusal([&](Transaction& tx) { return insert_profile(tx, profile()); });
  EXPECT_EQ(error.kind, ErrorKind::conflict);
  EXPECT_EQ(error.message, "Profile with name Release already exists");
  EXPECT_EQ(error.reason, "ProfileAlreadyExists");
}

TEST_P(Profiles, TheSameNameInAnotherAccountIsAnotherProfile) {
  add_profile(profile());
  model::Profile other = profile();
  other.account = account("999999999999");
  add_profile(other);
}

TEST_P(Profiles, AreListedInOrderOfNameFromAPlaceOn) {
  for (const char* text : {"Zeta", "alpha", "Beta", "_low"}) add_profile(profile(text));
  model::Profile foreign = profile("Beta");
  foreign.account = account("999999999999");
  add_profile(foreign);
  const auto from = [&](std::string_view after, std::size_t count) {
    const auto found = read([&](Reader& rows) {
      return list_profiles(
          rows, account(),
          {.statuses = {ProfileStatus::active}, .platform_id = {}, .canceled_after = {}}, after,
          count);
    });
    return names_of(found->profiles);
  };
  EXPECT_EQ(from("", 10), (Names{"Beta", "Zeta", "_low", "alpha"}));  // by bytes
  EXPECT_EQ(from("", 2), (Names{"Beta", "Zeta"}));
  EXPECT_EQ(from("Zeta", 2), (Names{"_low", "alpha"}));
  EXPECT_EQ(from("alpha", 2), Names{});
}

TEST_P(Profiles, AreListedByStatusPlatformAndAge) {
  add_profile(profile("Active"));
  add_profile(profile("Old"));
  add_profile(profile("Young"));
  const auto cancel = [&](std::string_view which, Timestamp at) {
    model::Profile canceled = get(which);
    canceled.status = ProfileStatus::canceled;
    canceled.canceled_at = at;
    ASSERT_TRUE(write([&](Transaction& tx) { return update_status(tx, canceled); }));
  };
  cancel("Old", start);
  cancel("Young", start + std::chrono::seconds(1));
  const auto listed = [&](const ProfileFilter& filter) {
    const auto found =
        read([&](Reader& rows) { return list_profiles(rows, account(), filter, "", 10); });
    return names_of(found->profiles);
  };
  EXPECT_EQ(
      listed({.statuses = {ProfileStatus::canceled}, .platform_id = {}, .canceled_after = start}),
      Names{"Young"});
  EXPECT_EQ(listed({.statuses = {ProfileStatus::active, ProfileStatus::canceled},
                    .platform_id = {},
                    .canceled_after = {}}),
            (Names{"Active", "Old", "Young"}));
  EXPECT_EQ(
      listed({.statuses = {ProfileStatus::active}, .platform_id = "other", .canceled_after = {}}),
      Names{});
}

TEST_P(Profiles, APageSaysWhereTheNextOneStarts) {
  add_profile(profile("A1"));
  add_profile(profile("B2"));
  const auto page = [&](std::string_view after, std::size_t count) {
    return *read([&](Reader& rows) {
      return list_profiles(
          rows, account(),
          {.statuses = {ProfileStatus::active}, .platform_id = {}, .canceled_after = {}}, after,
          count);
    });
  };
  EXPECT_EQ(page("", 1).continue_after, "A1");
  EXPECT_EQ(page("A1", 1).continue_after, "");
  EXPECT_EQ(page("", 2).continue_after, "");
}

TEST_P(Profiles, KeepTheirNewStatus) {
  add_profile(profile());
  model::Profile revoked = get();
  revoked.status = ProfileStatus::revoked;
  revoked.status_reason = "stolen";
  revoked.revocation = model::ProfileRevocation{start, start + std::chrono::seconds(2), "alice"};
  ASSERT_TRUE(write([&](Transaction& tx) { return update_status(tx, revoked); }));
  EXPECT_EQ(get().status, ProfileStatus::revoked);
  EXPECT_EQ(get().status_reason, "stolen");
  EXPECT_EQ(get().revocation, revoked.revocation);
}

TEST_P(Profiles, KeepTheirNewTags) {
  add_profile(profile());
  model::Profile tagged = get();
  tagged.tags = {{"b", "2"}, {"a", ""}};
  ASSERT_TRUE(write([&](Transaction& tx) { return update_tags(tx, tagged); }));
  EXPECT_EQ(get().tags, tagged.tags);
}

TEST_P(Profiles, KeepTheirPermissions) {
  add_profile(profile());
  model::Profile shared = get();
  shared.permissions = {"revision",
                        {{"s1", "signer:StartSigningJob", "222233334444", ""},
                         {"s2", "signer:GetSigningProfile", "x", "Ab3dEf6h1J", "AROAX"}}};
  ASSERT_TRUE(write([&](Transaction& tx) { return update_permissions(tx, shared); }));
  EXPECT_EQ(get().permissions, shared.permissions);
}

TEST_P(Profiles, ThatWereChangedMeanwhileStayAsTheyAre) {
  add_profile(profile());
  model::Profile stale = get();
  ASSERT_TRUE(write([&](Transaction& tx) { return update_tags(tx, stale); }));
  EXPECT_EQ(get().revision, stale.revision + 1);
  stale.tags = {{"late", "yes"}};
  for (const auto update : {&update_tags, &update_permissions, &update_status}) {
    EXPECT_EQ(refusal([&](Transaction& tx) { return update(tx, stale); }).kind,
              ErrorKind::conflict);
  }
  EXPECT_TRUE(get().tags.empty());
}

TEST_P(Profiles, AreThereAfterReopening) {
  add_profile(profile());
  reopen();
  const auto found = read([&](Reader& rows) { return find_profile(rows, account(), name()); });
  EXPECT_TRUE(*found);
}

}  // namespace
}  // namespace hallmark::store
