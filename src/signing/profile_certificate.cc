#include "signing/profile_certificate.h"

#include <fmt/format.h>

#include "base/check.h"
#include "pki/imported_platform.h"
#include "store/certificates.h"

namespace hallmark::signing {

Result<void> check_profile_certificate(store::Reader& rows, const model::Home& home,
                                       const model::Profile& profile, Timestamp now) {
  if (profile.certificate_arn.empty()) return {};
  const Error missing =
      not_found(fmt::format("The certificate {} does not exist.", profile.certificate_arn));
  const auto reference = model::find_certificate_reference(home, profile.certificate_arn);
  if (!reference || reference->account != profile.account) return missing;
  TRY(const auto row, store::find_imported_certificate(rows, reference->account, reference->id));
  if (!row) return missing;
  TRY(const auto facts, pki::facts_of(rows, home, *row, now));
  const model::Platform* platform = model::find_platform(profile.platform_id);
  CHECK(platform != nullptr);
  return pki::check_for_platform(facts, {*platform, profile.overrides});
}

}  // namespace hallmark::signing
