// A signing profile: create-only, one version for life; only its status, its tags and its
// permissions ever change.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "model/names.h"
#include "model/permission.h"

namespace hallmark::model {

enum class ProfileStatus { active = 0, canceled = 1, revoked = 2 };  // the numbers are stored
std::string_view name_of(ProfileStatus status);                      // "Active"
std::optional<ProfileStatus> find_profile_status(std::string_view name);

struct ValidityPeriod {
  enum class Unit { days = 0, months = 1, years = 2 };  // the numbers are stored
  Unit unit = Unit::months;
  int value = 135;
  bool operator==(const ValidityPeriod&) const = default;
};
std::string_view name_of(ValidityPeriod::Unit unit);  // "DAYS"
std::optional<ValidityPeriod::Unit> find_validity_unit(std::string_view name);
// Calendar arithmetic; months and years clamp to the month's last day.
Timestamp expiry(Timestamp signing_time, const ValidityPeriod& period);

using StringMap =
    std::vector<std::pair<std::string, std::string>>;  // in the order given, keys unique

// Empty text: not overridden.
struct PlatformOverrides {
  std::string encryption_algorithm;
  std::string hash_algorithm;
  std::string image_format;
  bool operator==(const PlatformOverrides&) const = default;
};

struct ProfileRevocation {
  Timestamp effective_from;
  Timestamp revoked_at;
  std::string revoked_by;
  bool operator==(const ProfileRevocation&) const = default;
};

struct Profile {
  AccountId account;
  ProfileName name;
  ProfileVersion version;
  std::string platform_id;
  ProfileStatus status = ProfileStatus::active;
  std::string status_reason;
  ValidityPeriod validity;
  std::string certificate_arn;  // empty where the platform signs with our own CA
  PlatformOverrides overrides;
  StringMap signing_parameters;
  StringMap tags;
  Timestamp created_at;
  std::optional<Timestamp> canceled_at;
  std::optional<ProfileRevocation> revocation;
  Permissions permissions = {};
  std::int64_t revision = 0;  // raised by every change of the row: who judged on it can tell
};

}  // namespace hallmark::model
