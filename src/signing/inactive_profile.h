// What a call that signs is answered when its profile cannot sign. Private to signing.
#pragma once

#include <fmt/format.h>

#include "base/result.h"
#include "model/profile.h"

namespace hallmark::signing {

inline Error no_such_profile_to_sign(const model::ProfileName& name) {
  return not_found(fmt::format("profile with name {} does not exist", name.view()));
}

inline Error not_active(const model::ProfileName& name, std::string_view state) {
  return invalid(
      fmt::format("Signing Profile {} is {} and cannot start a signing job.", name.view(), state),
      "ProfileNotActive");
}

inline Error inactive_profile(const model::Profile& profile) {
  return not_active(profile.name, fmt::format("in {} state", model::name_of(profile.status)));
}

// It was when the call was judged.
inline Error no_longer_active(const model::ProfileName& name) {
  return not_active(name, "no longer active");
}

}  // namespace hallmark::signing
