#include "signing/permissions.h"

#include <gtest/gtest.h>

#include "signing/test_signing.h"
#include "store/audit.h"
#include "store/identities.h"

namespace hallmark::signing {
namespace {

using test::account;
using test::error_of;
using test::expect_done;
using test::profile_name;
using test::value_of;

constexpr std::string_view other_revision = "00000000-0000-4000-8000-000000000000";

model::Permission permission(std::string_view id = "s") {
  return {.statement_id = std::string(id),
          .action = "signer:StartSigningJob",
          .principal = "444455556666",
          .profile_version = {}};
}

class PermissionsTest : public test::SigningTest {
 protected:
  PermissionsTest() { add_profile(); }

  Result<std::string> add(access::Permitted<AddProfilePermission> permitted) {
    return test::awaited<std::string>(
        [&](auto then) { parts.permissions.add(std::move(permitted), std::move(then)); });
  }
  Result<std::string> add(model::Permission added, std::string_view revision = {}) {
    return add(
        permit(AddProfilePermission{profile_name(), std::move(added), std::string(revision)}));
  }
  Result<std::string> remove(std::string_view id, std::string_view revision) {
    return test::awaited<std::string>([&](auto then) {
      parts.permissions.remove(
          permit(RemoveProfilePermission{profile_name(), std::string(id), std::string(revision)}),
          std::move(then));
    });
  }
  Result<ListedPermissions> list() {
    return parts.permissions.list(permit(ListProfilePermissions{profile_name()}));
  }
  void set_status(model::ProfileStatus status) {
    expect_done(store.write([&](store::Transaction& tx) -> Result<void> {
      TRY(auto profile, store::find_profile(tx, account(), profile_name()));
      profile->status = status;
      return store::update_status(tx, *profile);
    }));
  }
  void add_principal(store::PrincipalKind kind, std::string name,
                     std::string unique_id = "AROAFIRST") {
    expect_done(store.write([&](store::Transaction& tx) {
      return store::insert_principal(tx, {.id = Uuid::v7(clock.now(), made.random),
                                          .account = account(),
                                          .kind = kind,
                                          .name = std::move(name),
                                          .unique_id = std::move(unique_id),
                                          .created_at = clock.now()});
    }));
  }
  model::Profile profile() {
    return *value_of(store.read([&](store::Reader& reader) {
      return store::find_profile(reader, account(), profile_name());
    }));
  }
};

void expect_error(const Error& error, ErrorKind kind, std::string_view reason,
                  std::string_view message) {
  EXPECT_EQ(error.kind, kind);
  EXPECT_EQ(error.reason, reason);
  EXPECT_EQ(error.message, message);
}

TEST_F(PermissionsTest, WhatIsAddedIsListedAsItWasGiven) {
  model::Permission versioned = permission("versioned");
  versioned.principal = "arn:aws:iam::444455556666:role/path/name";
  versioned.profile_version = profile().version.text();
  const std::string first = value_of(add(permission()));
  const std::string second = value_of(add(versioned, first));
  EXPECT_NE(first, second);
  EXPECT_TRUE(Uuid::parse(second));
  const auto listed = value_of(list());
  EXPECT_EQ(listed.permissions, (model::Permissions{second, {permission(), versioned}}));
}

TEST_F(PermissionsTest, TheSizeCountsAccountsAsTheArnsOfTheirRoots) {
  value_of(add(permission()));
  const std::string policy =
      R"([{"Sid":"s","Effect":"Allow","Principal":{"AWS":"arn:aws:iam::444455556666:root"},)"
      R"("Action":"signer:StartSigningJob",)"
      R"("Resource":"arn:aws:signer:us-east-1:111122223333:/signing-profiles/Release"}])";
  EXPECT_EQ(value_of(list()).policy_bytes, policy.size());
}

TEST_F(PermissionsTest, TheSizeCountsTheConditionOfAVersion) {
  model::Permission versioned = permission();
  value_of(add(versioned));
  const std::size_t plain = value_of(list()).policy_bytes;
  versioned.statement_id = "t";
  versioned.profile_version = profile().version.text();
  value_of(add(versioned, profile().permissions.revision_id));
  const std::string condition =
      R"(,"Condition":{"StringEquals":{"signer:ProfileVersion":"AAAAAAAAAA"}})";
  EXPECT_EQ(value_of(list()).policy_bytes, 2 * plain - 1 + condition.size());
}

TEST_F(PermissionsTest, TheSameStatementAgainChangesNothingWhateverTheRevision) {
  const std::string revision = value_of(add(permission("t"), value_of(add(permission()))));
  const auto before = profile().revision;
  for (const std::string_view given : {std::string_view(), other_revision}) {
    EXPECT_EQ(value_of(add(permission(), given)), revision);
  }
  EXPECT_EQ(profile().revision, before);
}

TEST_F(PermissionsTest, RemovingTheLastStatementRemovesThePolicyAndStillAnswersARevision) {
  const std::string revision = value_of(remove("s", value_of(add(permission()))));
  EXPECT_TRUE(Uuid::parse(revision));
  EXPECT_EQ(profile().permissions, model::Permissions());
  value_of(add(permission()));
}

TEST_F(PermissionsTest, RemovingOneStatementLeavesTheOthers) {
  const std::string both = value_of(add(permission("t"), value_of(add(permission()))));
  const std::string revision = value_of(remove("s", both));
  EXPECT_EQ(profile().permissions, (model::Permissions{revision, {permission("t")}}));
}

TEST_F(PermissionsTest, AChangeIsAudited) {
  value_of(add(permission()));
  const auto rows =
      value_of(store.read([](store::Reader& reader) { return store::list_audit(reader, 2, 10); }));
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_NE(rows[1].body.find(R"("eventName":"AddProfilePermission")"), std::string::npos);
  EXPECT_NE(rows[1].body.find(R"("principal":"444455556666")"), std::string::npos);
}

TEST_F(PermissionsTest, ARepeatOfASignedRequestGetsTheFirstAnswerAndIsNotDoneAgain) {
  const auto signed_add = [&] {
    access::Caller unsigned_caller = access::test::caller();
    access::RequestFacts facts = unsigned_caller.request();
    facts.signature = "5eed";
    return value_of(authorizer.permit(
        auth::Authenticator::make(
            std::make_shared<const access::Principal>(unsigned_caller.principal()), facts),
        AddProfilePermission{profile_name(), permission(), {}}));
  };
  const std::string revision = value_of(add(signed_add()));
  value_of(remove("s", revision));
  EXPECT_EQ(value_of(add(signed_add())), revision);
  EXPECT_EQ(profile().permissions, model::Permissions());
}

TEST_F(PermissionsTest, AProfileThatChangedSinceTheJudgementIsJudgedAgain) {
  auto permitted = permit(AddProfilePermission{profile_name(), permission(), {}});
  expect_done(store.write([&](store::Transaction& tx) { return update_tags(tx, profile()); }));
  EXPECT_EQ(error_of(add(std::move(permitted))).kind, ErrorKind::unavailable);
}

// Refusals, in AWS's words.

TEST_F(PermissionsTest, AnUnknownProfileIsNotFound) {
  const auto unknown = profile_name("Unknown");
  constexpr auto message = "SigningProfile with name Unknown does not exist";
  expect_error(error_of(add(permit(AddProfilePermission{unknown, permission(), {}}))),
               ErrorKind::not_found, "ProfileNotFound", message);
  expect_error(error_of(parts.permissions.list(permit(ListProfilePermissions{unknown}))),
               ErrorKind::not_found, "ProfileNotFound", message);
  expect_error(error_of(test::awaited<std::string>([&](auto then) {
                 parts.permissions.remove(permit(RemoveProfilePermission{unknown, "s", "r"}),
                                          std::move(then));
               })),
               ErrorKind::not_found, "ProfileNotFound", message);
}

TEST_F(PermissionsTest, AProfileThatWasCanceledTwoYearsAgoIsNotFound) {
  value_of(add(permission()));
  cancel();
  EXPECT_TRUE(list());
  clock.set(plus_months(clock.now(), 24));
  EXPECT_EQ(error_of(list()).reason, "ProfileNotFound");
  EXPECT_EQ(error_of(add(permission())).reason, "ProfileNotFound");
}

TEST_F(PermissionsTest, AProfileThatIsNotActiveKeepsItsPermissions) {
  const std::string revision = value_of(add(permission()));
  for (const auto status : {model::ProfileStatus::canceled, model::ProfileStatus::revoked}) {
    set_status(status);
    const std::string name(model::name_of(status));
    expect_error(error_of(add(permission(""))), ErrorKind::invalid, "ProfileNotActive",
                 "Cannot add permission to a profile in " + name + " state");
    expect_error(error_of(remove("s", revision)), ErrorKind::invalid, "ProfileNotActive",
                 "Cannot remove permission from a profile in " + name + " state");
    EXPECT_EQ(value_of(list()).permissions.statements.size(), 1u);
  }
}

TEST_F(PermissionsTest, AStatementIdHasItsRules) {
  expect_error(error_of(add(permission(""))), ErrorKind::invalid, "",
               "statementId cannot be empty.");
  for (const std::string_view id : {"a b", "a.b", "a/b", "\xc3\xa9", "a\n"}) {
    expect_error(error_of(add(permission(id))), ErrorKind::invalid, "InvalidPermissionStatement",
                 "Statement ID must contain only alphanumeric characters, underscores, and dashes");
  }
  expect_error(error_of(add(permission(std::string(65, 's')))), ErrorKind::invalid,
               "InvalidPermissionStatement", "Statement ID must be less than 64 characters length");
  EXPECT_TRUE(add(permission(std::string(64, 's'))));
}

TEST_F(PermissionsTest, APrincipalIsAnAccountOrARole) {
  for (const std::string_view principal :
       {"", "x", "11112222333", "1111222233334", "*", "arn:aws:iam:111122223333:role/x",
        "arn:aws:iam::111122223333:user/x", "arn:aws:iam::111122223333:role/",
        "arn:aws:iam::111122223333:role/x/", "arn:aws:iam::111122223333:role/x*",
        "arn:aws:iam::444455556666:role/${aws:username}", "arn:aws:iam::111122223333:root",
        "arn:aws:iam::1:role/x", "arn:aws:iam:::role/x", "arn:aws:s3:::111122223333:role/x",
        "arn:aws-cn:iam::444455556666:role/x", "arn:aws:iam:us-east-1:444455556666:role/x"}) {
    model::Permission added = permission();
    added.principal = principal;
    expect_error(error_of(add(added)), ErrorKind::invalid, "InvalidPrincipal",
                 "Principal is not a valid AWS account id or IAM Role Arn");
  }
}

TEST_F(PermissionsTest, ARoleOfAnAccountThatIsKeptHereHasToBeThere) {
  model::Permission added = permission();
  added.principal = "arn:aws:iam::111122223333:role/Builder";
  expect_done(store.write(
      [&](store::Transaction& tx) { return store::insert_account(tx, account(), clock.now()); }));
  add_principal(store::PrincipalKind::root, "");
  expect_error(error_of(add(added)), ErrorKind::not_found, "", "Principal not found");
  add_principal(store::PrincipalKind::role, "Builder");
  EXPECT_TRUE(add(added));
}

TEST_F(PermissionsTest, AGrantIsForTheRoleThatIsThereAndForNoLaterOneOfItsName) {
  model::Permission added = permission();
  added.principal = "arn:aws:iam::111122223333:role/Builder";
  expect_done(store.write(
      [&](store::Transaction& tx) { return store::insert_account(tx, account(), clock.now()); }));
  add_principal(store::PrincipalKind::root, "", "111122223333");
  add_principal(store::PrincipalKind::role, "Builder");
  const std::string revision = value_of(add(added));
  EXPECT_EQ(profile().permissions.statements.at(0).principal_id, "AROAFIRST");
  EXPECT_EQ(value_of(add(added)), revision);
  expect_done(store.write([&](store::Transaction& tx) -> Result<void> {
    TRY(const auto first,
        store::find_principal_by_name(tx, account(), store::PrincipalKind::role, "Builder"));
    return store::delete_principal(tx, first->id);
  }));
  add_principal(store::PrincipalKind::role, "Builder", "AROASECOND");
  EXPECT_EQ(error_of(add(added)).reason, "InvalidPermissionStatement");
  EXPECT_EQ(profile().permissions.statements.at(0).principal_id, "AROAFIRST");
}

TEST_F(PermissionsTest, OnlyActionsOfThePlatformCanBeGranted) {
  for (const std::string action :
       {"signer:PutSigningProfile", "signer:*", "signer:SignPayload", ""}) {
    model::Permission added = permission();
    added.action = action;
    expect_error(error_of(add(added)), ErrorKind::invalid, "",
                 "Action " + action +
                     " not supported for platform AWSLambda-SHA384-ECDSA. Action must be one of "
                     "[signer:StartSigningJob, signer:GetSigningProfile, signer:RevokeSignature]");
  }
}

TEST_F(PermissionsTest, ContainerImagesAreSignedByPayload) {
  PutSigningProfile put_call = test::profile_call("Images");
  put_call.platform_id = "Notation-OCI-SHA384-ECDSA";
  value_of(put(put_call));
  AddProfilePermission call{profile_name("Images"), permission(), {}};
  EXPECT_TRUE(error_of(add(permit(call)))
                  .message.ends_with("[signer:SignPayload, signer:GetSigningProfile, "
                                     "signer:RevokeSignature]"));
  call.permission.action = "signer:SignPayload";
  EXPECT_TRUE(add(permit(call)));
}

TEST_F(PermissionsTest, AnUnknownVersionIsNotFound) {
  model::Permission added = permission();
  added.profile_version = "AAAAAAAAAA";
  expect_error(error_of(add(added)), ErrorKind::not_found, "ProfileVersionNotFound",
               "Version AAAAAAAAAA does not exist for SigningProfile Release.");
}

TEST_F(PermissionsTest, AStatementIdIsTakenOnce) {
  const std::string revision = value_of(add(permission()));
  model::Permission other = permission();
  other.action = "signer:GetSigningProfile";
  expect_error(error_of(add(other, revision)), ErrorKind::invalid, "InvalidPermissionStatement",
               "Statement with statementId s is already in the policy");
}

TEST_F(PermissionsTest, TheFirstStatementHasNoRevision) {
  expect_error(error_of(add(permission(), other_revision)), ErrorKind::invalid, "",
               "Resource Policy does not exist but revisionId was specified in the request");
}

TEST_F(PermissionsTest, AnotherStatementNeedsTheRevision) {
  const std::string revision = value_of(add(permission()));
  expect_error(error_of(add(permission("t"))), ErrorKind::invalid, "",
               "Resource Policy exists for Profile Name Release. But no revisionId was provided in "
               "the request");
  const std::string mismatch = "Specified revisionId (" + std::string(other_revision) +
                               ") does not match the revisionId of the existing policy (" +
                               revision + ")";
  expect_error(error_of(add(permission("t"), other_revision)), ErrorKind::conflict,
               "PolicyRevisionIdMismatch", mismatch);
  expect_error(error_of(remove("unknown", other_revision)), ErrorKind::conflict,
               "PolicyRevisionIdMismatch", mismatch);
}

TEST_F(PermissionsTest, WhatIsNotThereCannotBeListedOrRemoved) {
  constexpr auto none = "No policies associated with profile Release";
  expect_error(error_of(list()), ErrorKind::not_found, "PolicyNotFound", none);
  expect_error(error_of(remove("s", other_revision)), ErrorKind::not_found, "PolicyNotFound", none);
  const std::string revision = value_of(add(permission()));
  expect_error(error_of(remove("t", revision)), ErrorKind::not_found, "PolicyNotFound",
               "No policy named t associated with Release profile");
}

TEST_F(PermissionsTest, APolicyHasTwoThousandBytesWithItsPrincipalsAsGiven) {
  const std::string statement =
      R"({"Sid":"","Effect":"Allow","Principal":{"AWS":"444455556666"},)"
      R"("Action":"signer:StartSigningJob",)"
      R"("Resource":"arn:aws:signer:us-east-1:111122223333:/signing-profiles/Release"})";
  constexpr std::size_t brackets = 2;
  constexpr std::size_t others = 10;
  constexpr std::size_t commas = others;
  std::string revision;
  for (std::size_t i = 0; i < others; ++i) {
    revision = value_of(add(permission("id-" + std::to_string(i)), revision));
  }
  const std::size_t id_bytes =
      2000 - brackets - commas - 4 * others - (others + 1) * statement.size();
  ASSERT_LT(id_bytes, 64u);
  expect_error(error_of(add(permission(std::string(id_bytes + 1, 'z')), revision)),
               ErrorKind::limit_exceeded, "ServiceLimitExceeded",
               "Policy cannot exceed maximum size of 2000 bytes");
  EXPECT_TRUE(add(permission(std::string(id_bytes, 'z')), revision));
}

TEST_F(PermissionsTest, WhatIsWrongInAllRespectsIsToldInAwssOrder) {
  const std::string revision = value_of(add(permission("taken")));
  model::Permission wrong{"a b", "y", "x", "AAAAAAAAAA"};
  EXPECT_EQ(error_of(add(wrong)).reason, "InvalidPermissionStatement");
  wrong.statement_id = "taken";
  EXPECT_EQ(error_of(add(wrong)).reason, "InvalidPrincipal");
  wrong.principal = "777788889999";
  EXPECT_TRUE(error_of(add(wrong)).message.starts_with("Action y not supported"));
  wrong.action = "signer:GetSigningProfile";
  EXPECT_EQ(error_of(add(wrong)).reason, "ProfileVersionNotFound");
  wrong.profile_version = profile().version.text();
  EXPECT_EQ(error_of(add(wrong)).reason, "InvalidPermissionStatement");
  wrong.statement_id = "new";
  EXPECT_TRUE(error_of(add(wrong)).message.starts_with("Resource Policy exists"));
  EXPECT_EQ(error_of(add(wrong, other_revision)).reason, "PolicyRevisionIdMismatch");
  EXPECT_TRUE(add(wrong, revision));
}

// Who may do what: the permissions are the profile's policy.

TEST_F(PermissionsTest, AGrantLetsTheOtherAccountReadTheProfile) {
  const GetSigningProfile theirs{profile_name(), account()};
  const auto ask = [&] {
    return authorizer
        .permit(access::test::caller(
                    access::test::user({access::test::allow_everything}, account("444455556666"))),
                theirs)
        .has_value();
  };
  EXPECT_FALSE(ask());
  model::Permission granted = permission();
  granted.action = "signer:GetSigningProfile";
  const std::string revision = value_of(add(granted));
  EXPECT_TRUE(ask());
  value_of(remove("s", revision));
  EXPECT_FALSE(ask());
}

}  // namespace
}  // namespace hallmark::signing
