// Rows of signing jobs as RevokeSignature changes them, and as GetRevocationStatus asks for them.
#pragma once

#include <optional>
#include <string>

#include "base/clock.h"
#include "base/result.h"
#include "model/job.h"
#include "store/store.h"

namespace hallmark::store {

// Writes the record to a job that succeeded and has none. Conflict: there is no such job.
Result<void> revoke_job(Transaction& tx, const model::AccountId& owner, const model::JobId& id,
                        const model::JobRevocation& revocation);

// A signature by the names it bears.
struct SignatureName {
  model::AccountId owner;  // of the job and of the profile
  model::JobId job;
  model::ProfileName profile;
  model::ProfileVersion version;
};

// What decides whether a signature is good.
struct SignatureState {
  std::string platform_id;
  Timestamp signed_at;
  bool job_revoked = false;
  std::optional<Timestamp> profile_revoked_from;
};

// One statement, by two primary keys. Nothing: no job of this name succeeded with this version of
// the profile.
Result<std::optional<SignatureState>> find_signature(Reader& rows, const SignatureName& name);

}  // namespace hallmark::store
