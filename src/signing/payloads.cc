#include "signing/payloads.h"

#include <fmt/format.h>

#include "audit/record.h"
#include "base/encoding.h"
#include "crypto/digest.h"
#include "model/platform.h"
#include "signing/inactive_profile.h"
#include "store/jobs.h"

namespace hallmark::signing {
namespace {

// As the envelope states it: whole seconds.
formats::Statement statement_of(const model::Home& home, const model::Profile& profile,
                                const model::JobId& id, Timestamp now) {
  const Timestamp signing_time = from_unix_seconds(unix_seconds(now));
  return {.job_arn = model::job_arn(home, profile.account, id),
          .profile_version_arn =
              model::profile_version_arn(home, profile.account, profile.name, profile.version),
          .signing_time = signing_time,
          .expires_at = model::expiry(signing_time, profile.validity)};
}

model::Job job_of(const access::Permitted<SignPayload>& permitted, const model::Profile& profile,
                  const formats::Statement& statement) {
  return {.id = permitted.call().id,
          .owner = profile.account,
          .invoker = permitted.caller().principal().account,
          .profile_name = profile.name,
          .profile_version = profile.version,
          .platform_id = profile.platform_id,
          .requested_by = permitted.caller().principal().arn,
          .request_token = {},
          .source = {},
          .destination_bucket = {},
          .destination_key = {},
          .status = model::JobStatus::succeeded,
          .status_reason = "Signing Succeeded",
          .created_at = permitted.call().id.time(),
          .completed_at = permitted.call().id.time(),
          .signed_at = statement.signing_time,
          .signature_expires_at = statement.expires_at,
          .certificate_arn = {},
          .revocation = {}};
}

// The profile, when it may sign payloads.
Result<const model::Profile*> profile_to_sign(const access::Permitted<SignPayload>& permitted) {
  const auto& profile = permitted.facts().profile;
  if (!profile) return no_such_profile_to_sign(permitted.call().profile_name);
  if (profile->status != model::ProfileStatus::active) return inactive_profile(*profile);
  const model::Platform* platform = model::find_platform(profile->platform_id);
  if (platform == nullptr) return internal_error("a stored profile names no known platform");
  if (!platform->job_platform) return &*profile;
  return invalid(fmt::format("The platform {} signs with StartSigningJob, not with SignPayload.",
                             platform->id));
}

}  // namespace

std::vector<access::Need> SignPayload::needs(const access::Principal& caller) const {
  return {
      {.action = std::string(action),
       .resource = access::ProfileResource{profile_owner.value_or(caller.account), profile_name}}};
}

// The payload itself is the caller's affair; its digest tells which it was.
void SignPayload::describe(JsonWriter& json) const {
  json.member("profileName", profile_name.view()).member("payloadFormat", payload_format);
  json.member("payloadSha256", to_hex(crypto::sha256(payload)));
  if (profile_owner) json.member("profileOwner", profile_owner->view());
}

void Payloads::sign(access::Permitted<SignPayload> permitted, const RenderPayload& render,
                    Then<std::string> then) {
  const auto found = profile_to_sign(permitted);
  if (!found) return then(found.error());
  const model::Profile& profile = **found;
  const SignPayload& call = permitted.call();
  formats::Statement statement = statement_of(home_, profile, call.id, clock_.now());
  auto sealed = sealer_.seal(profile, statement, call.payload);
  if (!sealed) return then(std::move(sealed.error()));

  auto record = audit::record(permitted, home_,
                              {{"jobId", call.id.text()},
                               {"jobOwner", profile.account.text()},
                               {"profileVersionArn", statement.profile_version_arn},
                               {"outputSha256", to_hex(crypto::sha256(bytes_of(sealed->envelope)))},
                               {"certificateSerialNumber", sealed->certificate_serial},
                               {"signatureExpiresAt", to_rfc3339(statement.expires_at)}});
  store::Work work([job = job_of(permitted, profile, statement), revision = profile.revision,
                    record = std::move(record)](store::Transaction& tx) -> Result<void> {
    TRY(store::insert_job(tx, job, revision));
    return store::append_audit(tx, record);
  });
  std::string answer = render({.id = call.id,
                               .owner = profile.account,
                               .envelope = std::move(sealed->envelope),
                               .profile_version_arn = std::move(statement.profile_version_arn),
                               .job_arn = std::move(statement.job_arn)});
  store::Done done([answer = std::move(answer), name = profile.name,
                    then = std::move(then)](Result<void> written) mutable {
    if (written) return then(std::move(answer));
    if (written.error().kind == ErrorKind::denied) return then(no_longer_active(name));
    then(std::move(written.error()));
  });
  store_.write(std::move(work), std::move(done));
}

}  // namespace hallmark::signing
