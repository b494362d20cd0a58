// RevokeSignature of jobs.h.

#include <fmt/format.h>

#include "model/platform.h"
#include "signing/change.h"
#include "signing/jobs.h"
#include "store/job_revocation.h"
#include "store/jobs.h"

namespace hallmark::signing {
namespace {

Error no_such_job(const model::JobId& id) {
  return not_found(fmt::format("Signing job with id {} does not exist.", id.text()));
}

// That the job has a signature which can be revoked, whether or not it is.
Result<void> check_revocable(const model::Job& job) {
  const model::Platform* platform = model::find_platform(job.platform_id);
  if (platform == nullptr || !platform->revocation_supported) {
    return invalid(
        fmt::format("Signatures of the platform {} cannot be revoked.", job.platform_id));
  }
  if (job.status == model::JobStatus::succeeded) return {};
  return invalid(fmt::format(
      "Signing job with id {} is in {} state: it has no signature that could be revoked.",
      job.id.text(), model::name_of(job.status)));
}

Result<Changed> revoke(store::Transaction& tx, const access::Permitted<RevokeSignature>& permit,
                       Timestamp now) {
  const RevokeSignature& call = permit.call();
  const access::Facts& facts = permit.facts();
  if (!facts.job) return no_such_job(call.id);
  if (!facts.profile) return internal_error("a stored job has no profile");
  TRY(profile_as_judged(tx, facts));
  TRY(const auto job, store::find_job(tx, facts.job->owner, call.id));
  if (!job) return no_such_job(call.id);
  TRY(check_revocable(*job));
  if (job->revocation) return Changed{};
  const model::JobRevocation revocation{
      .reason = call.reason, .revoked_at = now, .revoked_by = permit.caller().principal().arn};
  TRY(store::revoke_job(tx, job->owner, job->id, revocation));
  return Changed{};
}

}  // namespace

std::vector<access::Need> RevokeSignature::needs(const access::Principal& caller) const {
  return {{.action = std::string(action),
           .resource = access::JobResource{owner.value_or(caller.account), id}}};
}

void RevokeSignature::describe(JsonWriter& json) const {
  json.member("jobId", id.text()).member("reason", reason);
  if (owner) json.member("jobOwner", owner->view());
}

void Jobs::revoke_signature(access::Permitted<RevokeSignature> permitted, Then<std::string> then) {
  const auto work = [now = clock_.now()](store::Transaction& tx,
                                         const access::Permitted<RevokeSignature>& permit) {
    return revoke(tx, permit, now);
  };
  change_once(store_, home_, std::move(permitted), work, std::move(then));
}

}  // namespace hallmark::signing
