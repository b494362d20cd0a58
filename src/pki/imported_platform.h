// Whether an imported certificate may sign for a platform.
#pragma once

#include "base/result.h"
#include "model/platform.h"
#include "model/profile.h"
#include "pki/imported_facts.h"

namespace hallmark::pki {

// What a profile asks of its certificate.
struct PlatformUse {
  const model::Platform& platform;
  const model::PlatformOverrides& overrides;
};

// Invalid, with the reason: it expired or is revoked; it is one of an authority; its key usages
// lack digitalSignature or its extended key usages codeSigning, which have to be said; its key is
// not of the kind that the platform signs with, by its own defaults or the profile's overrides.
Result<void> check_for_platform(const CertificateFacts& certificate, const PlatformUse& use);

}  // namespace hallmark::pki
