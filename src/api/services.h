// What operations work with: references to the parts, made by the server's wiring.
#pragma once

#include "access/authorizer.h"
#include "api/throttle.h"
#include "audit/gate.h"
#include "audit/reads.h"
#include "audit/refusals.h"
#include "auth/authenticator.h"
#include "base/clock.h"
#include "base/random.h"
#include "base/work_pool.h"
#include "identity/sts.h"
#include "pki/imported_certificates.h"
#include "signing/jobs.h"
#include "signing/page_token.h"
#include "signing/payloads.h"
#include "signing/permissions.h"
#include "signing/profiles.h"
#include "signing/revocation_status.h"
#include "signing/signing_gate.h"
#include "signing/tags.h"

namespace hallmark::api {

class RequestMeters;

struct Services {
  auth::Authenticator& authenticator;
  const access::Authorizer& authorizer;
  signing::Profiles& profiles;
  signing::ProfilePermissions& permissions;
  signing::ProfileTags& tags;
  signing::Jobs& jobs;
  signing::Payloads& payloads;
  signing::Revocations& revocations;
  signing::PageTokens& page_tokens;
  const Clock& clock;
  Random& random;
  Throttle& throttle;
  WorkPool& pool;
  WorkPool& token_pool;   // for judging web identities' tokens
  WorkPool& object_pool;  // for what asks the object store
  identity::SecurityTokens& security_tokens;
  pki::ImportedCertificates& certificates;
  audit::Refusals& refusals;
  RequestMeters& meters;
  const signing::SigningGate& signing_gate;
  audit::Reads& reads;
  const audit::Gate& gate;  // of what changes anything
};

}  // namespace hallmark::api
