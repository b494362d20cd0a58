// A signing job from its start to its end, as a client sees it.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "base/result.h"
#include "cli/api_client.h"
#include "objects/objects.h"

namespace hallmark::cli {

// "s3://BUCKET/KEY?versionId=VERSION", whose key and version may be missing. Wrong usage if it is
// none.
Result<objects::Location> parse_s3_url(std::string_view url);

struct SigningJob {
  std::string profile;
  std::string owner = {};  // empty: the caller's account
  objects::Location source = {};
  std::string destination_bucket = {};
  std::string destination_prefix = {};
  std::chrono::seconds timeout = {};
};

struct FinishedJob {
  std::string job_id;
  std::string bucket;  // of the signed object
  std::string key;
};

// Told while a job is waited for.
class JobWatcher {
 public:
  virtual ~JobWatcher() = default;
  virtual void waiting(std::string_view job_id, std::chrono::seconds waited) = 0;
};

// The reason of an error that leaves open whether a job reads its source yet.
inline constexpr std::string_view job_may_go_on = "job may go on";

// StartSigningJob, then DescribeSigningJob until the job has ended. A server that does not answer
// meanwhile is asked again. Invalid: the job has failed, with its statusReason. Too slow: it has
// not ended in time.
Result<FinishedJob> sign_object(const ApiClient& client, const SigningJob& job,
                                JobWatcher& watcher);

}  // namespace hallmark::cli
