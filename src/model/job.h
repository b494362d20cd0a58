// A signing job, from its intent to its end.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "model/names.h"
#include "model/profile.h"

namespace hallmark::model {

enum class JobStatus { in_progress = 0, failed = 1, succeeded = 2 };  // the numbers are stored
std::string_view name_of(JobStatus status);                           // "InProgress"
std::optional<JobStatus> find_job_status(std::string_view name);

struct SourceObject {
  std::string bucket;
  std::string key;
  std::string version;
  bool operator==(const SourceObject&) const = default;
};

struct JobRevocation {
  std::string reason;
  Timestamp revoked_at;
  std::string revoked_by;
};

struct Job {
  JobId id;
  AccountId owner;    // the account of the profile
  AccountId invoker;  // the account of the caller
  ProfileName profile_name;
  ProfileVersion profile_version;
  std::string platform_id;
  std::string requested_by;            // the caller's ARN
  std::string request_token;           // empty for SignPayload
  std::optional<SourceObject> source;  // nothing for SignPayload
  std::string destination_bucket;
  std::string destination_key;  // where the signed object goes, whole; set when the job is accepted
  JobStatus status = JobStatus::in_progress;
  std::string status_reason;
  Timestamp created_at;
  std::optional<Timestamp> completed_at;
  std::optional<Timestamp> signed_at;
  std::optional<Timestamp> signature_expires_at;
  std::string certificate_arn;  // of the user's own certificate; empty for our CA's
  std::optional<JobRevocation> revocation;
};

}  // namespace hallmark::model
