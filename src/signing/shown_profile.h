// Until when a canceled profile is shown. Private to signing.
#pragma once

#include "base/clock.h"
#include "model/profile.h"

namespace hallmark::signing {

inline constexpr int canceled_profile_shown_months = 24;

// A hidden profile counts as gone for everything but the revocation of what it signed.
inline bool is_hidden(const model::Profile& profile, Timestamp now) {
  return profile.canceled_at &&
         plus_months(*profile.canceled_at, canceled_profile_shown_months) <= now;
}

}  // namespace hallmark::signing
