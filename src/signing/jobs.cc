#include "signing/jobs.h"

#include <memory>

#include <fmt/format.h>

#include "audit/record.h"
#include "base/limits.h"
#include "base/log.h"
#include "model/platform.h"
#include "signing/inactive_profile.h"
#include "signing/own_bucket.h"
#include "store/jobs.h"
#include "store/profiles.h"

namespace hallmark::signing {
namespace {

// The platform that signs the profile's jobs.
Result<const model::Platform*> platform_of(const model::Profile& profile) {
  const model::Platform* platform = model::find_platform(profile.platform_id);
  if (platform == nullptr) return internal_error("a stored profile names no known platform");
  if (!platform->job_platform) {
    return invalid(fmt::format("The platform {} signs with SignPayload, not with StartSigningJob.",
                               platform->id));
  }
  if (platform->format.empty()) {
    return invalid(fmt::format("The platform {} cannot sign yet.", platform->id));
  }
  return platform;
}

}  // namespace

std::string StartSigningJob::destination_key(std::string_view platform_id) const {
  const model::Platform* platform = model::find_platform(platform_id);
  const std::string_view kept = platform == nullptr ? "" : platform->kept_key_ending;
  return fmt::format("{}{}{}", destination_prefix, id.text(),
                     source.key.ends_with(kept) ? kept : "");
}

std::vector<access::Need> StartSigningJob::needs(const access::Principal& caller) const {
  return {
      {.action = std::string(action),
       .resource = access::ProfileResource{profile_owner.value_or(caller.account), profile_name}},
      {.action = "s3:GetObjectVersion",
       .resource = access::ObjectResource{source.bucket, source.key}}};
}

std::vector<access::Need> StartSigningJob::needs_knowing(const access::Facts& facts) const {
  if (!facts.profile) return {};  // and no object is written
  const std::string key = destination_key(facts.profile->platform_id);
  return {{.action = "s3:PutObject", .resource = access::ObjectResource{destination_bucket, key}}};
}

void StartSigningJob::describe(JsonWriter& json) const {
  json.name("source").begin_object().name("s3").begin_object();
  json.member("bucketName", source.bucket).member("key", source.key);
  json.member("version", source.version).end_object().end_object();
  json.name("destination").begin_object().name("s3").begin_object();
  json.member("bucketName", destination_bucket).member("prefix", destination_prefix);
  json.end_object().end_object();
  json.member("profileName", profile_name.view()).member("clientRequestToken", request_token);
  if (profile_owner) json.member("profileOwner", profile_owner->view());
}

std::vector<access::Need> DescribeSigningJob::needs(const access::Principal&) const {
  return {{.action = std::string(action), .resource = access::JobResource{{}, id}}};
}
void DescribeSigningJob::describe(JsonWriter& json) const { json.member("jobId", id.text()); }

Jobs::Jobs(store::Store& store, objects::Objects& objects, PageTokens& tokens, const Clock& clock,
           model::Home home)
    : store_(store), objects_(objects), tokens_(tokens), clock_(clock), home_(std::move(home)) {}

void Jobs::start(access::Permitted<StartSigningJob> permitted, Then<StartedJob> then) {
  const model::AccountId& invoker = permitted.caller().principal().account;
  auto repeated = find_repeated(invoker, permitted.call());
  if (!repeated) return then(std::move(repeated.error()));
  if (*repeated) return then(**repeated);

  auto job = prepare(permitted);
  if (!job) return then(std::move(job.error()));
  auto record =
      audit::record(permitted, home_, {{"jobId", job->id.text()}, {"jobOwner", job->owner.text()}});
  const model::ProfileName name = job->profile_name;
  const std::int64_t revision = permitted.facts().profile->revision;
  store_.write(
      [job = *std::move(job), revision,
       record = std::move(record)](store::Transaction& tx) -> Result<StartedJob> {
        // The same token may have come at the same moment on another connection.
        TRY(const auto earlier, store::insert_job(tx, job, revision));
        if (earlier) return StartedJob{earlier->id, earlier->owner};
        TRY(store::append_audit(tx, record));
        return StartedJob{job.id, job.owner};
      },
      [this, name, then = std::move(then)](Result<StartedJob> started) mutable {
        if (!started && started.error().kind == ErrorKind::denied) {
          return then(no_longer_active(name));
        }
        if (started && listener_ != nullptr) listener_->job_waits();
        then(std::move(started));
      });
}

Result<std::optional<StartedJob>> Jobs::find_repeated(const model::AccountId& invoker,
                                                      const StartSigningJob& call) {
  TRY(auto job, store_.read([&](store::Reader& reader) {
    return store::find_job_by_token(reader, invoker, call.request_token);
  }));
  if (!job) return std::optional<StartedJob>();
  if (job->source != call.source || job->profile_name != call.profile_name ||
      job->destination_bucket != call.destination_bucket) {
    log::warning("a clientRequestToken was used again for another job; the first job is the answer",
                 {{"job", job->id.text()}, {"account", invoker.text()}});
  }
  return std::optional(StartedJob{job->id, job->owner});
}

Result<model::Job> Jobs::prepare(const access::Permitted<StartSigningJob>& permitted) {
  const StartSigningJob& call = permitted.call();
  const auto& profile = permitted.facts().profile;
  if (!profile) return no_such_profile_to_sign(call.profile_name);
  if (profile->status != model::ProfileStatus::active) return inactive_profile(*profile);
  TRY(auto platform, platform_of(*profile));
  const model::AccountId& invoker = permitted.caller().principal().account;
  TRY(check_own_bucket(objects_, call.source.bucket, invoker));
  TRY(auto pinned, objects_.pin({call.source.bucket, call.source.key, call.source.version}));
  TRY(check_own_bucket(objects_, call.destination_bucket, invoker));
  TRY(objects_.check_bucket(call.destination_bucket));
  const std::uint64_t bytes_max = std::uint64_t(platform->size_mib_max) * limits::mebibyte;
  if (pinned.size > bytes_max) {
    return invalid(fmt::format("The source object has {} bytes; {} signs at most {} MB.",
                               pinned.size, platform->id, platform->size_mib_max));
  }
  return model::Job{.id = call.id,
                    .owner = profile->account,
                    .invoker = invoker,
                    .profile_name = profile->name,
                    .profile_version = profile->version,
                    .platform_id = profile->platform_id,
                    .requested_by = permitted.caller().principal().arn,
                    .request_token = call.request_token,
                    .source = call.source,
                    .destination_bucket = call.destination_bucket,
                    .destination_key = call.destination_key(profile->platform_id),
                    .status_reason = {},
                    .created_at = clock_.now(),
                    .completed_at = {},
                    .signed_at = {},
                    .signature_expires_at = {},
                    .certificate_arn = profile->certificate_arn,
                    .revocation = {}};
}

Result<DescribedJob> Jobs::describe(const access::Permitted<DescribeSigningJob>& permitted) {
  const access::Facts& facts = permitted.facts();
  if (facts.job) return DescribedJob{*facts.job, facts.profile};
  return not_found(
      fmt::format("Signing job with id {} does not exist.", permitted.call().id.text()));
}

}  // namespace hallmark::signing
