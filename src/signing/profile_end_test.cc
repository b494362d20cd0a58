#include <gtest/gtest.h>

#include "signing/test_signing.h"
#include "store/audit.h"

namespace hallmark::signing {
namespace {

using model::ProfileStatus;
using test::account;
using test::error_of;
using test::profile_name;
using test::value_of;
using namespace std::chrono_literals;

class ProfileEndTest : public test::SigningTest {
 protected:
  Result<std::string> end_by_cancel(std::string_view name = "Release") {
    return test::awaited<std::string>([&](auto then) {
      profiles.cancel(permit(CancelSigningProfile{profile_name(name)}), std::move(then));
    });
  }
  Result<std::string> revoke(RevokeSigningProfile call) {
    return test::awaited<std::string>(
        [&](auto then) { profiles.revoke(permit(std::move(call)), std::move(then)); });
  }
  RevokeSigningProfile revocation(Timestamp from, std::string reason = "stolen") {
    return {profile_name(), profile().version, std::move(reason), from};
  }
  Result<std::string> revoke(Timestamp from) { return revoke(revocation(from)); }
  model::Profile profile(std::string_view name = "Release") {
    return *value_of(store.read([&](store::Reader& reader) {
      return store::find_profile(reader, account(), profile_name(name));
    }));
  }
  // In whole seconds, as revocations are.
  Timestamp second() { return std::chrono::floor<std::chrono::seconds>(clock.now()); }
  std::string add_permission() {
    return value_of(test::awaited<std::string>([&](auto then) {
      parts.permissions.add(
          permit(AddProfilePermission{
              profile_name(), {"s", "signer:StartSigningJob", "444455556666", {}}, {}}),
          std::move(then));
    }));
  }
};

// Cancel.

TEST_F(ProfileEndTest, ACanceledProfileSaysWhen) {
  add_profile();
  EXPECT_EQ(value_of(end_by_cancel()), "");
  EXPECT_EQ(profile().status, ProfileStatus::canceled);
  EXPECT_EQ(profile().canceled_at, clock.now());
}

TEST_F(ProfileEndTest, CancelingAgainChangesNothing) {
  add_profile();
  value_of(end_by_cancel());
  const Timestamp first = clock.now();
  clock.advance(1h);
  EXPECT_EQ(value_of(end_by_cancel()), "");
  EXPECT_EQ(profile().canceled_at, first);
}

TEST_F(ProfileEndTest, CancelingGivesThePermissionsAnotherRevisionOnce) {
  add_profile();
  const std::string before = add_permission();
  value_of(end_by_cancel());
  const std::string after = profile().permissions.revision_id;
  EXPECT_NE(after, before);
  EXPECT_TRUE(Uuid::parse(after));
  value_of(end_by_cancel());
  EXPECT_EQ(profile().permissions.revision_id, after);
}

TEST_F(ProfileEndTest, CancelingWithoutPermissionsMakesNoPolicy) {
  add_profile();
  value_of(end_by_cancel());
  EXPECT_EQ(profile().permissions, model::Permissions());
}

TEST_F(ProfileEndTest, AnUnknownProfileCannotBeCanceled) {
  const Error error = error_of(end_by_cancel("Missing"));
  EXPECT_EQ(error.kind, ErrorKind::not_found);
  EXPECT_EQ(error.reason, "ProfileNotFound");
  EXPECT_EQ(error.message, "Signing Profile with name Missing does not exist.");
}

TEST_F(ProfileEndTest, ARevokedProfileCannotBeCanceled) {
  add_profile();
  value_of(revoke(clock.now()));
  const Error error = error_of(end_by_cancel());
  EXPECT_EQ(error.kind, ErrorKind::invalid);
  EXPECT_EQ(error.message,
            "Signing Profile Release cannot be canceled because it has been revoked. A revoked "
            "profile cannot be canceled.");
}

TEST_F(ProfileEndTest, ACanceledProfileSignsNoMore) {
  add_profile();
  value_of(end_by_cancel());
  EXPECT_EQ(error_of(start(job_call(source(test::package())))).kind, ErrorKind::invalid);
}

// Revoke.

TEST_F(ProfileEndTest, ARevokedProfileSaysByWhomSinceWhenAndWhy) {
  add_profile();
  EXPECT_EQ(value_of(revoke(second() - 1h)), "");
  const model::Profile found = profile();
  EXPECT_EQ(found.status, ProfileStatus::revoked);
  EXPECT_EQ(found.status_reason, "stolen");
  EXPECT_EQ(found.revocation, (model::ProfileRevocation{second() - 1h, clock.now(),
                                                        "arn:aws:iam::111122223333:user/alice"}));
}

TEST_F(ProfileEndTest, ARevokedProfileSignsNoMore) {
  add_profile();
  value_of(revoke(clock.now()));
  EXPECT_EQ(error_of(start(job_call(source(test::package())))).kind, ErrorKind::invalid);
}

TEST_F(ProfileEndTest, TheTimeIsCutToWholeSeconds) {
  add_profile();
  value_of(revoke(second() - 1h + 999ms));
  EXPECT_EQ(profile().revocation->effective_from, second() - 1h);
}

TEST_F(ProfileEndTest, ATimeUpToFifteenMinutesAheadIsNow) {
  add_profile();
  value_of(revoke(clock.now() + 15min));
  EXPECT_EQ(profile().revocation->effective_from, second());
}

TEST_F(ProfileEndTest, ATimeFurtherAheadIsRefused) {
  add_profile();
  const Error error = error_of(revoke(clock.now() + 15min + 1ms));
  EXPECT_EQ(error.kind, ErrorKind::invalid);
  EXPECT_EQ(error.message, "effectiveTime must not lie in the future.");
  EXPECT_EQ(profile().status, ProfileStatus::active);
}

TEST_F(ProfileEndTest, TheTimeMayMoveEarlier) {
  add_profile();
  value_of(revoke(revocation(second() - 1h, "first")));
  clock.advance(1min);
  value_of(revoke(revocation(second() - 2h, "second")));
  EXPECT_EQ(profile().revocation->effective_from, second() - 2h);
  EXPECT_EQ(profile().revocation->revoked_at, clock.now());
  EXPECT_EQ(profile().status_reason, "second");
}

TEST_F(ProfileEndTest, TheTimeMayNotMoveLater) {
  add_profile();
  const Timestamp first = second() - 1h;
  value_of(revoke(first));
  const Error error = error_of(revoke(first + 1s));
  EXPECT_EQ(error.kind, ErrorKind::invalid);
  EXPECT_EQ(error.message,
            "effectiveTime can only be moved to an earlier time: the Signing Profile Release is "
            "revoked from 2026-11-22T08:00:00Z on.");
  EXPECT_EQ(profile().revocation->effective_from, first);
}

TEST_F(ProfileEndTest, TheSameTimeAgainKeepsTheFirstRecord) {
  add_profile();
  const Timestamp from = second() - 1h;
  value_of(revoke(revocation(from, "first")));
  const auto first = profile().revocation;
  clock.advance(1min);
  EXPECT_EQ(value_of(revoke(revocation(from, "second"))), "");
  EXPECT_EQ(profile().revocation, first);
  EXPECT_EQ(profile().status_reason, "first");
}

TEST_F(ProfileEndTest, ACanceledProfileCanBeRevokedAndSaysBoth) {
  add_profile();
  value_of(end_by_cancel());
  const Timestamp canceled_at = clock.now();
  clock.set(plus_months(canceled_at, 30));  // hidden by now
  value_of(revoke(clock.now()));
  EXPECT_EQ(profile().status, ProfileStatus::revoked);
  EXPECT_EQ(profile().canceled_at, canceled_at);
}

TEST_F(ProfileEndTest, RevokingGivesThePermissionsAnotherRevisionOnce) {
  add_profile();
  const std::string before = add_permission();
  value_of(revoke(clock.now() - 1h));
  const std::string after = profile().permissions.revision_id;
  EXPECT_NE(after, before);
  value_of(revoke(clock.now() - 2h));
  EXPECT_EQ(profile().permissions.revision_id, after);
}

TEST_F(ProfileEndTest, AnUnknownProfileOrVersionCannotBeRevoked) {
  add_profile();
  RevokeSigningProfile call = revocation(clock.now());
  call.version = value_of(model::ProfileVersion::parse("AAAAAAAAAA"));
  const Error version = error_of(revoke(call));
  EXPECT_EQ(version.kind, ErrorKind::not_found);
  EXPECT_EQ(version.reason, "ProfileVersionNotFound");
  EXPECT_EQ(version.message, "Version AAAAAAAAAA does not exist for SigningProfile Release.");
  call.name = profile_name("Missing");
  EXPECT_EQ(error_of(revoke(call)).reason, "ProfileNotFound");
}

TEST_F(ProfileEndTest, APlatformWithoutRevocationRevokesNothing) {
  add_profile();
  model::Profile device = profile();
  device.name = profile_name("Device");
  device.platform_id = "AmazonFreeRTOS-Default";
  test::expect_done(
      store.write([&](store::Transaction& tx) { return store::insert_profile(tx, device); }));
  RevokeSigningProfile call = revocation(clock.now());
  call.name = profile_name("Device");
  EXPECT_EQ(error_of(revoke(call)).message,
            "The platform AmazonFreeRTOS-Default does not support revocation.");
}

TEST_F(ProfileEndTest, AReasonMayBeAnyText) {
  add_profile();
  const std::string reason("a\0b\n\xf0\x9f\x94\x91'", 9);
  value_of(revoke(revocation(clock.now(), reason)));
  EXPECT_EQ(profile().status_reason, reason);
}

TEST_F(ProfileEndTest, AnEndIsAudited) {
  add_profile();
  value_of(end_by_cancel());
  value_of(revoke(second() - 1h));
  const auto rows =
      value_of(store.read([](store::Reader& reader) { return store::list_audit(reader, 3, 10); }));
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_NE(rows[0].body.find(R"("eventName":"CancelSigningProfile")"), std::string::npos);
  EXPECT_NE(rows[1].body.find(R"("eventName":"RevokeSigningProfile")"), std::string::npos);
  EXPECT_NE(rows[1].body.find(R"("reason":"stolen","effectiveTime":"2026-11-22T08:00:00Z")"),
            std::string::npos);
}

TEST_F(ProfileEndTest, RevokedOnesAreListedByTheirStatusAlone) {
  for (const char* name : {"Active", "Canceled"}) add_profile(name);
  value_of(end_by_cancel("Canceled"));
  add_profile();
  value_of(revoke(clock.now()));
  ListSigningProfiles call{.statuses = {},
                           .include_canceled = true,
                           .platform_id = std::string(test::lambda),
                           .results_max = 25,
                           .page_token = {}};
  const auto names = [&] {
    std::vector<std::string> found;
    for (const auto& listed : value_of(profiles.list(permit(call))).profiles) {
      found.push_back(listed.name.text());
    }
    return found;
  };
  using Names = std::vector<std::string>;
  EXPECT_EQ(names(), (Names{"Active", "Canceled"}));
  call.statuses = {ProfileStatus::revoked};
  EXPECT_EQ(names(), (Names{"Release"}));
  call.statuses = {ProfileStatus::revoked, ProfileStatus::active};
  EXPECT_EQ(names(), (Names{"Active", "Release"}));
  call.platform_id = "Notation-OCI-SHA384-ECDSA";
  EXPECT_EQ(names(), Names());
}

}  // namespace
}  // namespace hallmark::signing
