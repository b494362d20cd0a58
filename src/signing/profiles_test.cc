#include "signing/profiles.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "signing/platforms.h"
#include "signing/test_signing.h"
#include "store/audit.h"

namespace hallmark::signing {
namespace {

using test::account;
using test::error_of;
using test::expect_done;
using test::profile_call;
using test::profile_name;
using test::value_of;

class ProfilesTest : public test::SigningTest {
 protected:
  Result<model::Profile> get(std::string_view name = "Release") {
    return profiles.get(permit(GetSigningProfile{profile_name(name), {}}));
  }
  static ListSigningProfiles everything(int results_max = 25) {
    return {.statuses = {},
            .include_canceled = false,
            .platform_id = {},
            .results_max = results_max,
            .page_token = {}};
  }
  Result<ProfilePage> list(const ListSigningProfiles& call, std::string_view of = "111122223333") {
    return profiles.list(permit(call, of));
  }
  static std::vector<std::string> names_of(const ProfilePage& page) {
    std::vector<std::string> names;
    for (const auto& profile : page.profiles) names.push_back(profile.name.text());
    return names;
  }
  std::vector<std::string> names(const ListSigningProfiles& call) {
    return names_of(value_of(list(call)));
  }
};

using Names = std::vector<std::string>;

TEST_F(ProfilesTest, ANewProfileIsActiveAndReadsBack) {
  PutSigningProfile call = profile_call();
  call.tags = {{"stage", "prod"}};
  const model::Profile put_profile = value_of(put(call));
  const model::Profile found = value_of(get());
  EXPECT_EQ(found.status, model::ProfileStatus::active);
  EXPECT_EQ(found.version, put_profile.version);
  EXPECT_EQ(found.platform_id, test::lambda);
  EXPECT_EQ(found.tags, call.tags);
  EXPECT_EQ(found.created_at, clock.now());
}

TEST_F(ProfilesTest, WithoutAPeriodASignatureIsValidFor135Months) {
  add_profile();
  EXPECT_EQ(value_of(get()).validity,
            (model::ValidityPeriod{model::ValidityPeriod::Unit::months, 135}));
}

TEST_F(ProfilesTest, VersionsAreTenCharactersAndDiffer) {
  const auto one = value_of(put(profile_call("One"))).version;
  const auto two = value_of(put(profile_call("Two"))).version;
  EXPECT_EQ(one.view().size(), 10u);
  EXPECT_NE(one, two);
}

TEST_F(ProfilesTest, ATakenNameIsRefusedInAwssWords) {
  add_profile();
  const Error error = error_of(put(profile_call()));
  EXPECT_EQ(error.kind, ErrorKind::invalid);
  EXPECT_EQ(error.reason, "ProfileAlreadyExists");
  EXPECT_EQ(error.message, "Profile with name Release already exists");
}

TEST_F(ProfilesTest, TheNameOfACanceledProfileStaysTaken) {
  add_profile();
  cancel();
  EXPECT_EQ(error_of(put(profile_call())).reason, "ProfileAlreadyExists");
}

TEST_F(ProfilesTest, NamesDifferByCase) {
  add_profile("Release");
  add_profile("release");
  EXPECT_EQ(names(everything()), (Names{"Release", "release"}));
}

TEST_F(ProfilesTest, ARefusedProfileIsNotStored) {
  PutSigningProfile call = profile_call();
  call.platform_id = "Nothing";
  EXPECT_EQ(error_of(put(call)).kind, ErrorKind::invalid);
  EXPECT_EQ(error_of(get()).kind, ErrorKind::not_found);
}

TEST_F(ProfilesTest, APutLeavesItsAuditRecordInTheSameUnit) {
  add_profile();
  error_of(put(profile_call()));  // refused: leaves none
  const auto rows =
      value_of(store.read([](store::Reader& reader) { return store::list_audit(reader, 2, 10); }));
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_NE(rows[0].body.find(R"("eventName":"PutSigningProfile")"), std::string::npos);
  EXPECT_NE(rows[0].body.find(
                R"("arn":"arn:aws:signer:us-east-1:111122223333:/signing-profiles/Release")"),
            std::string::npos);
}

TEST_F(ProfilesTest, APutIntoAClosedStoreIsUnavailable) {
  auto permitted = permit(profile_call());
  store.close();
  EXPECT_EQ(error_of(test::awaited<model::Profile>([&](auto then) {
              profiles.put(std::move(permitted), std::move(then));
            })).kind,
            ErrorKind::unavailable);
}

TEST_F(ProfilesTest, TaggingNeedsItsOwnPermission) {
  PutSigningProfile call = profile_call();
  EXPECT_EQ(call.needs(access::test::caller().principal()).size(), 1u);
  call.tags = {{"stage", "prod"}};
  const auto needs = call.needs(access::test::caller().principal());
  ASSERT_EQ(needs.size(), 2u);
  EXPECT_EQ(needs[1].action, "signer:TagResource");
}

// Get.

TEST_F(ProfilesTest, AnUnknownProfileIsNotFoundInAwssWords) {
  const Error error = error_of(get("Missing"));
  EXPECT_EQ(error.kind, ErrorKind::not_found);
  EXPECT_EQ(error.reason, "ProfileNotFound");
  EXPECT_EQ(error.message, "Signing Profile with name Missing does not exist.");
}

TEST_F(ProfilesTest, ACanceledProfileIsFoundForTwoYears) {
  add_profile();
  cancel();
  clock.set(plus_months(clock.now(), 24) - std::chrono::milliseconds(1));
  EXPECT_EQ(value_of(get()).status, model::ProfileStatus::canceled);
  clock.advance(std::chrono::milliseconds(1));
  EXPECT_EQ(error_of(get()).kind, ErrorKind::not_found);
}

TEST_F(ProfilesTest, AnotherAccountsProfileOfTheSameNameIsAnother) {
  add_profile();
  EXPECT_EQ(
      error_of(profiles.get(permit(GetSigningProfile{profile_name(), {}}, "999999999999"))).kind,
      ErrorKind::not_found);
}

// List.

TEST_F(ProfilesTest, AreListedInOrderOfName) {
  for (const char* name : {"Zeta", "Alpha", "Beta"}) add_profile(name);
  EXPECT_EQ(names(everything()), (Names{"Alpha", "Beta", "Zeta"}));
}

TEST_F(ProfilesTest, OtherAccountsAreNotListed) {
  value_of(put(profile_call("Theirs"), "999999999999"));
  EXPECT_EQ(names(everything()), Names());
}

TEST_F(ProfilesTest, PagesCoverTheListOnce) {
  for (const char* name : {"A1", "B2", "C3", "D4", "E5"}) add_profile(name);
  ListSigningProfiles call = everything(2);
  Names seen;
  for (int pages = 0; pages < 10; ++pages) {
    const ProfilePage page = value_of(list(call));
    for (const auto& name : names_of(page)) seen.push_back(name);
    call.page_token = page.next_token;
    if (page.next_token.empty()) break;
  }
  EXPECT_EQ(seen, (Names{"A1", "B2", "C3", "D4", "E5"}));
}

TEST_F(ProfilesTest, AListThatFitsExactlyHasNoFurtherPage) {
  add_profile("A1");
  add_profile("B2");
  EXPECT_EQ(value_of(list(everything(2))).next_token, "");
}

TEST_F(ProfilesTest, CanceledOnesAreListedOnRequest) {
  add_profile("A1");
  add_profile("B2");
  cancel("A1");
  EXPECT_EQ(names(everything()), (Names{"B2"}));
  ListSigningProfiles call = everything();
  call.include_canceled = true;
  EXPECT_EQ(names(call), (Names{"A1", "B2"}));
}

TEST_F(ProfilesTest, StatusesDecideAloneWhenTheyAreGiven) {
  add_profile("A1");
  add_profile("B2");
  cancel("A1");
  ListSigningProfiles call = everything();
  call.statuses = {model::ProfileStatus::canceled};
  EXPECT_EQ(names(call), (Names{"A1"}));
  call.statuses = {model::ProfileStatus::revoked};
  call.include_canceled = true;
  EXPECT_EQ(names(call), Names());
}

TEST_F(ProfilesTest, AreFilteredByPlatform) {
  add_profile("A1");
  PutSigningProfile notation = profile_call("B2");
  notation.platform_id = "Notation-OCI-SHA384-ECDSA";
  value_of(put(notation));
  ListSigningProfiles call = everything();
  call.platform_id = "Notation-OCI-SHA384-ECDSA";
  EXPECT_EQ(names(call), (Names{"B2"}));
  call.platform_id = "Nothing";
  EXPECT_EQ(names(call), Names());
}

// Page tokens.

class ProfileTokenTest : public ProfilesTest {
 protected:
  ProfileTokenTest() {
    for (const char* name : {"A1", "B2", "C3"}) add_profile(name);
    call_ = everything(1);
    call_.page_token = value_of(list(call_)).next_token;
  }
  std::string refusal(const ListSigningProfiles& call, std::string_view of = "111122223333") {
    const Error error = error_of(list(call, of));
    EXPECT_EQ(error.kind, ErrorKind::invalid);
    return error.message;
  }

  ListSigningProfiles call_;
};

TEST_F(ProfileTokenTest, ATokenGoesOnWhereItsPageEnded) { EXPECT_EQ(names(call_), (Names{"B2"})); }

TEST_F(ProfileTokenTest, ATokenMayComeWithAnotherPageSize) {
  call_.results_max = 25;
  EXPECT_EQ(names(call_), (Names{"B2", "C3"}));
}

TEST_F(ProfileTokenTest, AnyChangedCharacterIsRefused) {
  const std::string token = call_.page_token;
  for (std::size_t i = 0; i < token.size(); ++i) {
    call_.page_token = token;
    call_.page_token[i] = token[i] == 'A' ? 'B' : 'A';
    EXPECT_EQ(refusal(call_), "nextToken is not valid.") << i;
  }
}

TEST_F(ProfileTokenTest, AnythingElseIsRefused) {
  for (const std::string& token : {std::string("A"), std::string("B2"), std::string(100'000, 'A'),
                                   call_.page_token + "A", std::string("\0", 1)}) {
    call_.page_token = token;
    EXPECT_EQ(refusal(call_), "nextToken is not valid.");
  }
}

TEST_F(ProfileTokenTest, ATokenOfAnotherAccountIsRefused) {
  EXPECT_EQ(refusal(call_, "999999999999"), "nextToken is not valid.");
}

TEST_F(ProfileTokenTest, ATokenOfAnotherFilterIsRefused) {
  ListSigningProfiles other = call_;
  other.include_canceled = true;
  EXPECT_EQ(refusal(other), "nextToken is not valid.");
  other = call_;
  other.platform_id = test::lambda;
  EXPECT_EQ(refusal(other), "nextToken is not valid.");
  other = call_;
  other.statuses = {model::ProfileStatus::active};
  EXPECT_EQ(refusal(other), "nextToken is not valid.");
}

TEST_F(ProfileTokenTest, ATokenOfAnotherOperationIsRefused) {
  ListSigningJobs jobs_call{
      .status = {}, .platform_id = {}, .results_max = 1, .page_token = call_.page_token};
  EXPECT_EQ(error_of(jobs.list(permit(jobs_call))).message, "nextToken is not valid.");
}

TEST_F(ProfileTokenTest, ATokenSaysNothingAboutItsPosition) {
  EXPECT_EQ(call_.page_token.find("A1"), std::string::npos);
}

// Platforms.

class PlatformsTest : public test::SigningTest {
 protected:
  static ListSigningPlatforms everything(int results_max = 25) {
    return {
        .category = {}, .partner = {}, .target = {}, .results_max = results_max, .page_token = {}};
  }
  Result<PlatformPage> list(const ListSigningPlatforms& call) {
    return list_platforms(permit(call), tokens);
  }
  std::vector<std::string_view> ids(const ListSigningPlatforms& call) {
    std::vector<std::string_view> found;
    for (const auto* platform : value_of(list(call)).platforms) found.push_back(platform->id);
    return found;
  }
};

TEST_F(PlatformsTest, AllAreListed) { EXPECT_EQ(ids(everything()).size(), 5u); }

TEST_F(PlatformsTest, PagesCoverTheListOnce) {
  ListSigningPlatforms call = everything(2);
  std::vector<std::string_view> seen;
  for (int pages = 0; pages < 10; ++pages) {
    const PlatformPage page = value_of(list(call));
    for (const auto* platform : page.platforms) seen.push_back(platform->id);
    call.page_token = page.next_token;
    if (page.next_token.empty()) break;
  }
  EXPECT_EQ(seen, ids(everything()));
}

TEST_F(PlatformsTest, AreFilteredByPartnerAndTarget) {
  ListSigningPlatforms call = everything();
  call.partner = "AmazonFreeRTOS";
  EXPECT_EQ(ids(call).size(), 2u);
  call.target = "SHA256-ECDSA";
  EXPECT_EQ(ids(call), (std::vector<std::string_view>{"AmazonFreeRTOS-Default"}));
  call.partner = "Nobody";
  EXPECT_TRUE(ids(call).empty());
}

TEST_F(PlatformsTest, BothNamesOfTheCategoryMeanAll) {
  ListSigningPlatforms call = everything();
  for (const char* category : {"AWS", "AWSIoT"}) {
    call.category = category;
    EXPECT_EQ(ids(call).size(), 5u) << category;
  }
  call.category = "Other";
  EXPECT_TRUE(ids(call).empty());
}

TEST_F(PlatformsTest, ATokenOfAnotherFilterIsRefused) {
  ListSigningPlatforms call = everything(1);
  call.page_token = value_of(list(call)).next_token;
  call.partner = "AWSLambda";
  EXPECT_EQ(error_of(list(call)).message, "nextToken is not valid.");
}

TEST_F(PlatformsTest, AnUnknownPlatformIsNotFound) {
  const Error error = error_of(get_platform(permit(GetSigningPlatform{"Nothing"})));
  EXPECT_EQ(error.kind, ErrorKind::not_found);
  EXPECT_EQ(error.message, "Signing platform with id Nothing does not exist.");
}

}  // namespace
}  // namespace hallmark::signing
