#include "signing/profile_end.h"

#include <algorithm>

#include <fmt/format.h>

#include "model/platform.h"
#include "signing/permission_rules.h"

namespace hallmark::signing {
namespace {

// Beyond the difference of honest clocks, a time ahead is a mistake.
constexpr auto effective_time_ahead_max = std::chrono::minutes(15);

void set_status(model::Profile& profile, model::ProfileStatus status, const Ending& ending) {
  if (profile.status == status) return;
  profile.status = status;
  // As AWS does on cancelation: whoever edits the permissions learns that the profile has changed.
  if (!profile.permissions.statements.empty()) {
    profile.permissions.revision_id = ending.permissions_revision;
  }
}

Result<void> check_revocation_supported(const std::string& platform_id) {
  const model::Platform* platform = model::find_platform(platform_id);
  if (platform != nullptr && platform->revocation_supported) return {};
  return invalid(fmt::format("The platform {} does not support revocation.", platform_id));
}

// Signing times are compared in whole seconds, so the time of a revocation has no fraction either.
Result<Timestamp> effective_from(Timestamp wanted, Timestamp now) {
  if (wanted > now + effective_time_ahead_max) {
    return invalid("effectiveTime must not lie in the future.");
  }
  return Timestamp(std::chrono::floor<std::chrono::seconds>(std::min(wanted, now)));
}

}  // namespace

Result<model::Profile> canceled(model::Profile profile, const Ending& ending) {
  if (profile.status == model::ProfileStatus::revoked) {
    return invalid(
        fmt::format("Signing Profile {} cannot be canceled because it has been revoked. "
                    "A revoked profile cannot be canceled.",
                    profile.name.view()));
  }
  set_status(profile, model::ProfileStatus::canceled, ending);
  if (!profile.canceled_at) profile.canceled_at = ending.now;
  return profile;
}

Result<model::Profile> revoked(model::Profile profile, const RevokeSigningProfile& call,
                               const Ending& ending) {
  TRY(check_version(profile, call.version.view()));
  TRY(check_revocation_supported(profile.platform_id));
  TRY(const Timestamp from, effective_from(call.effective_time, ending.now));
  if (profile.revocation && from == profile.revocation->effective_from) return profile;
  if (profile.revocation && from > profile.revocation->effective_from) {
    return invalid(
        fmt::format("effectiveTime can only be moved to an earlier time: the Signing "
                    "Profile {} is revoked from {} on.",
                    profile.name.view(), to_rfc3339(profile.revocation->effective_from)));
  }
  set_status(profile, model::ProfileStatus::revoked, ending);
  profile.revocation = {.effective_from = from, .revoked_at = ending.now, .revoked_by = ending.by};
  profile.status_reason = call.reason;
  return profile;
}

}  // namespace hallmark::signing
