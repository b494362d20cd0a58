#include "cli/revocation_query.h"

#include <fmt/format.h>

#include "base/check.h"
#include "base/clock.h"

namespace hallmark::cli {
namespace {

// Of each certificate the hash of its signed part, followed by that of its issuer's; a root is its
// own issuer.
std::vector<std::string> composite_hashes(const crypto::CertificateChain& chain) {
  std::vector<std::string> hashes;
  for (std::size_t i = 0; i < chain.size(); ++i) {
    const crypto::Certificate& issuer = chain[i + 1 < chain.size() ? i + 1 : i];
    hashes.push_back(crypto::tbs_sha384_hex(chain[i]) + crypto::tbs_sha384_hex(issuer));
  }
  return hashes;
}

}  // namespace

Result<std::vector<std::string>> find_revoked_entities(const ApiClient& client,
                                                       const VerifiedFile& file) {
  const auto& statement = file.verification.statement;
  CHECK(statement && !file.platform_id.empty());
  ApiRequest request{.path = "/revocations",
                     .query = {{"jobArn", statement->job_arn},
                               {"platformId", file.platform_id},
                               {"profileVersionArn", statement->profile_version_arn},
                               {"signatureTimestamp", to_rfc3339(statement->signing_time)}}};
  for (std::string& hash : composite_hashes(file.chain_to_root)) {
    request.query.emplace_back("certificateHashes", std::move(hash));
  }
  TRY(const auto answer, client.call(request));
  TRY(const auto object, answer.root().object());
  TRY(const auto list, object.get("revokedEntities"));
  TRY(const auto values, list.array());
  std::vector<std::string> entities;
  for (const JsonValue& value : values) {
    TRY(const auto entity, value.text());
    entities.emplace_back(entity);
  }
  return entities;
}

std::string describe_entity(const VerifiedFile& file, std::string_view entity) {
  const auto& statement = file.verification.statement;
  if (statement && entity == statement->job_arn) return fmt::format("the job {}", entity);
  if (statement && entity == statement->profile_version_arn) {
    return fmt::format("the signing profile {}", entity);
  }
  const auto hashes = composite_hashes(file.chain_to_root);
  for (std::size_t i = 0; i < hashes.size(); ++i) {
    if (hashes[i] == entity) {
      return fmt::format("the certificate {}", file.chain_to_root[i].subject);
    }
  }
  return "something that the server names by another name";
}

}  // namespace hallmark::cli
