// GetRevocationStatus, of the services `signer` and `signer-data` alike.

#include <algorithm>

#include <fmt/format.h>

#include "api/fields.h"
#include "api/signer/operations.h"
#include "api/signer/query_time.h"
#include "base/ascii.h"
#include "model/text_rules.h"

namespace hallmark::api {
namespace {

constexpr std::size_t arn_bytes_min = 20;
constexpr std::size_t arn_bytes_max = 2048;
constexpr std::size_t certificate_hash_characters = 192;  // two of SHA-384, in hex
constexpr std::size_t certificate_hashes_max = 64;        // far more than a chain has certificates

Result<std::string> get_text(const Query& query, std::string_view name) {
  std::string text = query.get(name);
  if (!text.empty()) return text;
  return invalid(fmt::format("{} is required.", name));
}

Result<std::string> get_arn(const Query& query, std::string_view name) {
  TRY(auto text, get_text(query, name));
  if (text.size() >= arn_bytes_min && text.size() <= arn_bytes_max) return text;
  return invalid(
      fmt::format("{} must have {} to {} characters.", name, arn_bytes_min, arn_bytes_max));
}

// [a-zA-Z0-9_-]+, as signer-data has it. Whether there is such a platform is said later.
Result<std::string> get_platform_id(const Query& query) {
  TRY(auto id, get_text(query, "platformId"));
  const auto allowed = [](char c) { return model::is_alphanumeric(c) || c == '_' || c == '-'; };
  if (std::ranges::all_of(id, allowed)) return id;
  return invalid("platformId must match ^[a-zA-Z0-9_-]+$.");
}

// Of any other text nothing would be known to be revoked, and whoever made it would believe that.
bool is_certificate_hash(std::string_view text) {
  // Not find_first_not_of, which calls memchr for each character.
  return text.size() == certificate_hash_characters &&
         std::ranges::all_of(text, is_lower_hex_digit);
}

Result<std::vector<std::string>> get_certificate_hashes(const Query& query) {
  auto hashes = query.list("certificateHashes");
  if (hashes.empty()) return invalid("certificateHashes is required.");
  if (hashes.size() > certificate_hashes_max) {
    return invalid(
        fmt::format("certificateHashes must have at most {} members.", certificate_hashes_max));
  }
  for (const std::string& hash : hashes) {
    if (!is_certificate_hash(hash)) {
      return invalid(fmt::format("certificateHashes: each must have {} lower-case hex digits.",
                                 certificate_hash_characters));
    }
  }
  return hashes;
}

Result<signing::GetRevocationStatus> parse(const Incoming& incoming, Services& services) {
  const Query& query = incoming.query;
  const model::Home& home = services.authorizer.home();
  TRY(auto signature_time, read_time(query, "signatureTimestamp"));
  if (!signature_time) return invalid("signatureTimestamp is required.");
  TRY(auto platform_id, get_platform_id(query));
  TRY(auto profile_version_arn, get_arn(query, "profileVersionArn"));
  TRY(auto job_arn, get_arn(query, "jobArn"));
  TRY(auto certificate_hashes, get_certificate_hashes(query));
  TRY(auto profile, signing::GetRevocationStatus::parse_profile(home, profile_version_arn));
  TRY(auto job, signing::GetRevocationStatus::parse_job(home, job_arn));
  return signing::GetRevocationStatus{.signature_time = *signature_time,
                                      .platform_id = std::move(platform_id),
                                      .job_arn = std::move(job_arn),
                                      .job = std::move(job),
                                      .profile_version_arn = std::move(profile_version_arn),
                                      .profile = std::move(profile),
                                      .certificate_hashes = std::move(certificate_hashes)};
}

Result<std::string> run(Services& services,
                        const access::Permitted<signing::GetRevocationStatus>& permitted) {
  TRY(auto revoked, services.revocations.find_revoked(permitted));
  if (revoked.empty()) TRY(services.signing_gate.check_history());
  JsonWriter json;
  json.begin_object().name("revokedEntities").begin_array();
  for (const std::string& entity : revoked) json.text(entity);
  json.end_array().end_object();
  return json.take();
}

}  // namespace

constinit const Operation get_revocation_status =
    operation<parse, run>(http::Method::get, "/revocations");

}  // namespace hallmark::api
