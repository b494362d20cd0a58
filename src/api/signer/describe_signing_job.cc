#include "api/fields.h"
#include "api/signer/operations.h"
#include "api/signer/render.h"

namespace hallmark::api {
namespace {

Result<signing::DescribeSigningJob> parse(const Incoming& incoming, Services&) {
  TRY(auto id, read_job_id(incoming.path[0]));
  return signing::DescribeSigningJob{.id = id};
}

Result<std::string> run(Services& services,
                        const access::Permitted<signing::DescribeSigningJob>& permitted) {
  TRY(auto described, services.jobs.describe(permitted));
  const model::Job& job = described.job;
  JsonWriter json;
  json.begin_object().member("jobId", job.id.text());
  write_objects(json, job);
  if (!job.certificate_arn.empty()) write_signing_material(json, job.certificate_arn);
  write_platform_names(json, job.platform_id);
  json.member("profileName", job.profile_name.view());
  json.member("profileVersion", job.profile_version.view());
  if (described.profile) {
    write_overrides(json, described.profile->overrides);
    if (!described.profile->signing_parameters.empty()) {
      write_map(json, "signingParameters", described.profile->signing_parameters);
    }
  }
  write_time(json, "createdAt", job.created_at);
  if (job.completed_at) write_time(json, "completedAt", *job.completed_at);
  if (job.status == model::JobStatus::succeeded && job.signature_expires_at) {
    write_time(json, "signatureExpiresAt", *job.signature_expires_at);
  }
  json.member("requestedBy", job.requested_by);
  json.member("status", model::name_of(job.status));
  if (!job.status_reason.empty()) json.member("statusReason", job.status_reason);
  if (job.revocation) {
    json.name("revocationRecord").begin_object().member("reason", job.revocation->reason);
    write_time(json, "revokedAt", job.revocation->revoked_at);
    json.member("revokedBy", job.revocation->revoked_by).end_object();
  }
  json.member("jobOwner", job.owner.view()).member("jobInvoker", job.invoker.view());
  json.end_object();
  return json.take();
}

}  // namespace

constinit const Operation describe_signing_job =
    operation<parse, run>(http::Method::get, "/signing-jobs/{jobId}");

}  // namespace hallmark::api
