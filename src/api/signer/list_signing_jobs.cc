#include "api/fields.h"
#include "api/signer/operations.h"
#include "api/signer/query_time.h"
#include "api/signer/render.h"
#include "model/arn.h"

namespace hallmark::api {
namespace {

constexpr std::size_t arn_bytes_max = 2048;

Result<std::optional<model::JobStatus>> read_status(const Query& query) {
  const std::string name = query.get("status");
  const auto status = model::find_job_status(name);
  if (name.empty() || status) return status;
  return invalid("status must be one of [InProgress, Failed, Succeeded].");
}

Result<std::optional<bool>> read_revoked(const Query& query) {
  if (query.get("isRevoked").empty()) return std::optional<bool>();
  TRY(const bool revoked, read_boolean(query, "isRevoked"));
  return std::optional(revoked);
}

Result<std::string> read_requester(const Query& query) {
  std::string arn = query.get("requestedBy");
  if (arn.empty() || (arn.size() <= arn_bytes_max && model::Arn::parse(arn))) return arn;
  return invalid("requestedBy must be the ARN of an IAM principal.");
}

Result<signing::ListSigningJobs> parse(const Incoming& incoming, Services&) {
  const Query& query = incoming.query;
  TRY(auto results_max, read_results_max(query));
  TRY(auto status, read_status(query));
  TRY(auto revoked, read_revoked(query));
  TRY(auto invoker, read_account(query.get("jobInvoker"), "jobInvoker"));
  TRY(auto requested_by, read_requester(query));
  TRY(auto expires_after, read_time(query, "signatureExpiresAfter"));
  TRY(auto expires_before, read_time(query, "signatureExpiresBefore"));
  return signing::ListSigningJobs{.status = status,
                                  .platform_id = query.get("platformId"),
                                  .revoked = revoked,
                                  .invoker = std::move(invoker),
                                  .requested_by = std::move(requested_by),
                                  .expires_after = expires_after,
                                  .expires_before = expires_before,
                                  .results_max = results_max,
                                  .page_token = query.get("nextToken")};
}

Result<std::string> run(Services& services,
                        const access::Permitted<signing::ListSigningJobs>& permitted) {
  TRY(auto page, services.jobs.list(permitted));
  JsonWriter json;
  json.begin_object().name("jobs").begin_array();
  for (const model::Job& job : page.jobs) {
    json.begin_object().member("jobId", job.id.text());
    write_objects(json, job);
    write_signing_material(json, job.certificate_arn);
    write_time(json, "createdAt", job.created_at);
    json.member("status", model::name_of(job.status))
        .member("isRevoked", job.revocation.has_value());
    json.member("profileName", job.profile_name.view());
    json.member("profileVersion", job.profile_version.view());
    write_platform_names(json, job.platform_id);
    if (job.status == model::JobStatus::succeeded && job.signature_expires_at) {
      write_time(json, "signatureExpiresAt", *job.signature_expires_at);
    }
    json.member("jobOwner", job.owner.view()).member("jobInvoker", job.invoker.view());
    json.end_object();
  }
  json.end_array();
  if (!page.next_token.empty()) json.member("nextToken", page.next_token);
  json.end_object();
  return json.take();
}

}  // namespace

constinit const Operation list_signing_jobs =
    operation<parse, run>(http::Method::get, "/signing-jobs", {.where = Where::pooled});

}  // namespace hallmark::api
