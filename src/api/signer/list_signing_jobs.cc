#include "api/fields.h"
#include "api/signer/operations.h"
#include "api/signer/render.h"

namespace hallmark::api {
namespace {

constexpr std::string_view later_filters[] = {"isRevoked", "jobInvoker", "requestedBy",
                                              "signatureExpiresAfter", "signatureExpiresBefore"};

Result<signing::ListSigningJobs> parse(const Incoming& incoming, Services&) {
  const Query& query = incoming.query;
  // A filter that is not applied would answer jobs that were not asked for.
  for (const std::string_view filter : later_filters) {
    if (!query.get(filter).empty()) {
      return invalid(std::string(filter) + " is not supported as a filter yet.");
    }
  }
  TRY(auto results_max, read_results_max(query));
  const std::string status_name = query.get("status");
  const auto status = model::find_job_status(status_name);
  if (!status_name.empty() && !status) {
    return invalid("status must be one of [InProgress, Failed, Succeeded].");
  }
  return signing::ListSigningJobs{.status = status,
                                  .platform_id = query.get("platformId"),
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
