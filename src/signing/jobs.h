// Signing jobs from S3 to S3: the calls and the verbs. The work itself is signing/worker.h's.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "access/authorizer.h"
#include "base/clock.h"
#include "base/task.h"
#include "model/job.h"
#include "objects/objects.h"
#include "store/store.h"

namespace hallmark::signing {

struct StartSigningJob {
  static constexpr std::string_view action = "signer:StartSigningJob";
  static constexpr bool signs = true;

  // Made with the call, so that the object to be written is authorized by its whole name; unused
  // when the call repeats an earlier one.
  model::JobId id;
  model::ProfileName profile_name;
  std::optional<model::AccountId> profile_owner;  // nothing: the caller's account
  model::SourceObject source;
  std::string destination_bucket;
  std::string destination_prefix;
  std::string request_token;

  // prefix + id, plus the ending of the source's key where the platform keeps it.
  std::string destination_key(std::string_view platform_id) const;
  std::vector<access::Need> needs(const access::Principal& caller) const;
  // The object to write: its key depends on the profile's platform.
  std::vector<access::Need> needs_knowing(const access::Facts& facts) const;
  void describe(JsonWriter& json) const;
};

struct DescribeSigningJob {
  static constexpr std::string_view action = "signer:DescribeSigningJob";

  model::JobId id;

  std::vector<access::Need> needs(const access::Principal& caller) const;
  void describe(JsonWriter& json) const;
};

// Each filter is "any" when it is empty.
struct ListSigningJobs {
  static constexpr std::string_view action = "signer:ListSigningJobs";

  std::optional<model::JobStatus> status = {};
  std::string platform_id = {};
  std::optional<bool> revoked = {};
  std::optional<model::AccountId> invoker = {};
  std::string requested_by = {};  // an ARN
  std::optional<Timestamp> expires_after = {};
  std::optional<Timestamp> expires_before = {};
  int results_max = 0;
  std::string page_token = {};  // empty: the first page

  std::vector<access::Need> needs(const access::Principal& caller) const;
  void describe(JsonWriter& json) const;
};

struct RevokeSignature {
  static constexpr std::string_view action = "signer:RevokeSignature";
  static constexpr bool restricts = true;
  static constexpr bool is_done_once = true;

  model::JobId id;
  std::optional<model::AccountId> owner;  // nothing: the caller's account
  std::string reason;

  std::vector<access::Need> needs(const access::Principal& caller) const;
  void describe(JsonWriter& json) const;
};

struct StartedJob {
  model::JobId id;
  model::AccountId owner;
};

// A job with what Describe shows of its profile.
struct DescribedJob {
  model::Job job;
  std::optional<model::Profile> profile;
};

struct JobPage {
  std::vector<model::Job> jobs;  // newest first
  std::string next_token;        // empty: the end
};

// Is told that a job waits. Any thread; does not block.
class JobListener {
 public:
  virtual ~JobListener() = default;
  virtual void job_waits() = 0;
};

class PageTokens;

// Safe to call from any thread. What the constructor takes outlives the object.
class Jobs {
 public:
  Jobs(store::Store& store, objects::Objects& objects, PageTokens& tokens, const Clock& clock,
       model::Home home);

  // Told about each accepted job. Set once, before the first call; may be nothing.
  void set_listener(JobListener* listener) { listener_ = listener; }

  // Accepts the job; `then` runs after its intent is durable. A token that the account has used
  // before gets the first answer again. Not found: profile, source version or destination bucket.
  // Invalid: a value, or the profile is not active.
  void start(access::Permitted<StartSigningJob> permitted, Then<StartedJob> then);
  // Not found: no such job that the caller's account owns or has invoked.
  Result<DescribedJob> describe(const access::Permitted<DescribeSigningJob>& permitted);
  // Those that the caller's account owns or has invoked, but for what was completed two years ago.
  Result<JobPage> list(const access::Permitted<ListSigningJobs>& permitted);
  // Done once for a signed request; `then` gets an empty text when it is durable. What is revoked
  // stays as it is. Not found: no such job. Invalid: it did not succeed, or its platform has no
  // revocation.
  void revoke_signature(access::Permitted<RevokeSignature> permitted, Then<std::string> then);

 private:
  Result<std::optional<StartedJob>> find_repeated(const model::AccountId& invoker,
                                                  const StartSigningJob& call);
  Result<model::Job> prepare(const access::Permitted<StartSigningJob>& permitted);

  store::Store& store_;
  objects::Objects& objects_;
  PageTokens& tokens_;
  const Clock& clock_;
  const model::Home home_;
  JobListener* listener_ = nullptr;
};

}  // namespace hallmark::signing
