// GetRevocationStatus: what verifiers ask of a signature, of any account's profile. The hot path of
// every admission controller: nothing is written, and what was read before is remembered.
#pragma once

#include <string>
#include <vector>

#include "access/authorizer.h"
#include "base/clock.h"
#include "model/arn.h"
#include "store/store.h"

namespace hallmark::signing {

struct GetRevocationStatus {
  static constexpr std::string_view action = "signer:GetRevocationStatus";
  static constexpr bool is_recorded = false;  // asked for every image that is admitted somewhere

  // Both invalid unless they are ARNs of this partition and region; the profile's with its version.
  static Result<model::JobReference> parse_job(const model::Home& home, std::string_view arn);
  static Result<model::ProfileReference> parse_profile(const model::Home& home,
                                                       std::string_view arn);

  Timestamp signature_time;
  std::string platform_id;
  std::string job_arn;
  model::JobReference job;
  std::string profile_version_arn;
  model::ProfileReference profile;  // with its version
  // Composite hashes of the chain, in any order: lower-case hex of SHA-384(TBSCertificate) of a
  // certificate, and of its issuer. What names a revoked certificate is the first half: it is
  // revoked whoever is said to have issued it.
  std::vector<std::string> certificate_hashes;

  std::vector<access::Need> needs(const access::Principal& caller) const;
  void describe(JsonWriter& json) const;
};

// Safe to call from any thread. What the constructor takes outlives the object.
class Revocations {
 public:
  explicit Revocations(store::Store& store) : store_(store) {}

  // What makes the signature bad, of the names that were asked about: the ARN of the profile's
  // version, that of the job, hashes of certificates; empty when it is good. Invalid: the platform
  // has no revocation, or the ARNs name no signature that was made here: a verifier has to fail
  // closed.
  Result<std::vector<std::string>> find_revoked(
      const access::Permitted<GetRevocationStatus>& permitted);

 private:
  store::Store& store_;
};

}  // namespace hallmark::signing
