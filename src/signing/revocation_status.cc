#include "signing/revocation_status.h"

#include <algorithm>

#include <fmt/format.h>

#include "model/platform.h"
#include "store/certificate_revocation.h"
#include "store/job_revocation.h"

namespace hallmark::signing {
namespace {

constexpr std::size_t tbs_hash_characters = 96;  // SHA-384 in hex

Result<void> check_platform(const std::string& id) {
  const model::Platform* platform = model::find_platform(id);
  if (platform != nullptr && platform->revocation_supported) return {};
  return invalid(fmt::format("Invalid platformId: {}", id));
}

Error no_such_signature() {
  return invalid(
      "jobArn, profileVersionArn and platformId do not name a signature that was made here.");
}

// The later of the two times counts: neither what the caller says nor what we remember can make a
// signature older than it is. Whole seconds, as signatures state them.
bool revoked_by_profile(const store::SignatureState& state, Timestamp signature_time) {
  if (!state.profile_revoked_from) return false;
  const Timestamp signed_at = std::max(state.signed_at, signature_time);
  return unix_seconds(signed_at) >= unix_seconds(*state.profile_revoked_from);
}

}  // namespace

Result<model::JobReference> GetRevocationStatus::parse_job(const model::Home& home,
                                                           std::string_view arn) {
  // A policy may name the job, so there is one spelling of its ARN.
  auto reference = model::find_job_reference(home, arn);
  if (reference && model::job_arn(home, reference->account, reference->id) == arn) {
    return *std::move(reference);
  }
  return invalid("jobArn must be the ARN of a signing job of this partition and region.");
}

Result<model::ProfileReference> GetRevocationStatus::parse_profile(const model::Home& home,
                                                                   std::string_view arn) {
  auto reference = model::find_profile_reference(home, arn);
  if (reference && reference->version) return *std::move(reference);
  return invalid(
      "profileVersionArn must be the ARN of a version of a signing profile of this partition and "
      "region.");
}

// A policy names profiles without their version.
std::vector<access::Need> GetRevocationStatus::needs(const access::Principal&) const {
  const std::string profile_arn = profile_version_arn.substr(0, profile_version_arn.rfind('/'));
  return {{.action = std::string(action), .resource = access::NamedResource{job_arn, job.account}},
          {.action = std::string(action),
           .resource = access::NamedResource{profile_arn, profile.account}}};
}

void GetRevocationStatus::describe(JsonWriter& json) const {
  json.member("signatureTimestamp", to_rfc3339(signature_time)).member("platformId", platform_id);
  json.member("profileVersionArn", profile_version_arn).member("jobArn", job_arn);
  json.name("certificateHashes").begin_array();
  for (const std::string& hash : certificate_hashes) json.text(hash);
  json.end_array();
}

Result<std::vector<std::string>> Revocations::find_revoked(
    const access::Permitted<GetRevocationStatus>& permitted) {
  const GetRevocationStatus& call = permitted.call();
  TRY(check_platform(call.platform_id));
  if (call.job.account != call.profile.account) return no_such_signature();
  return store_.read([&](store::Reader& rows) -> Result<std::vector<std::string>> {
    TRY(const auto state, store::find_signature(rows, {.owner = call.job.account,
                                                       .job = call.job.id,
                                                       .profile = call.profile.name,
                                                       .version = *call.profile.version}));
    if (!state || state->platform_id != call.platform_id) return no_such_signature();
    std::vector<std::string> revoked;
    if (revoked_by_profile(*state, call.signature_time)) {
      revoked.push_back(call.profile_version_arn);
    }
    if (state->job_revoked) revoked.push_back(call.job_arn);
    for (const std::string& hash : call.certificate_hashes) {
      TRY(const auto revocation, store::find_certificate_revocation(
                                     rows, std::string_view(hash).substr(0, tbs_hash_characters)));
      if (revocation) revoked.push_back(hash);
    }
    return revoked;
  });
}

}  // namespace hallmark::signing
