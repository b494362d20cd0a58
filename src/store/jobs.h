// Rows of signing jobs: one clustered table, primary key (owner, id), where ids are UUIDv7, so the
// table is in order of creation. Secondary indexes are partial: request tokens, jobs of another
// account's profile by their invoker, with and without their owner, jobs that did not succeed, and
// revoked ones.
//
// A job in progress moves under a lease and a fence: each claim raises the fence by one, and every
// later statement of that claim names it, so a worker that lost its lease changes nothing.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "model/job.h"
#include "store/store.h"

namespace hallmark::store {

// What the worker needs beside the job itself, kept in a table of its own until the job ends.
struct JobWork {
  std::int64_t fence = 0;
  int attempts = 0;
  Bytes signature_block;      // empty until signed
  std::string output_sha256;  // hex; empty until signed
};
struct ClaimedJob {
  model::Job job;
  JobWork work;
};

// Inserts a job as it is; one in progress (StartSigningJob's) gets its work, unclaimed.
// SignPayload's have succeeded when they are inserted. Nothing: the job is in. A job: the invoker
// has used the request token before, for this one, and nothing was inserted. Denied: the profile is
// not active at this version. Unavailable: it was changed since it was read at `profile_revision`,
// so what was judged on it may not hold. (Both are looked at in the statement that inserts.)
Result<std::optional<model::Job>> insert_job(Transaction& tx, const model::Job& job,
                                             std::int64_t profile_revision);

Result<std::optional<model::Job>> find_job(Reader& rows, const model::AccountId& owner,
                                           const model::JobId& id);
// The same for the account that sees it: as owner, or as invoker of another account's.
Result<std::optional<model::Job>> find_job_seen_by(Reader& rows, const model::AccountId& account,
                                                   const model::JobId& id);
Result<std::optional<model::Job>> find_job_by_token(Reader& rows, const model::AccountId& invoker,
                                                    std::string_view token);

// Each member is "any" when it is empty; a job passes all that are given.
struct JobFilter {
  std::optional<model::JobStatus> status = {};
  std::string platform_id = {};
  std::optional<bool> revoked = {};
  std::optional<model::AccountId> invoker = {};
  std::string requested_by = {};
  std::optional<Timestamp> expires_after = {};  // of the signature: a job without one does not pass
  std::optional<Timestamp> expires_before = {};
  // A job completed at this time or before is left out. So is every job created more than
  // limits::job_age_max before it, unread.
  Timestamp completed_after = {};
};
struct JobPage {
  std::vector<model::Job> jobs;                 // newest first
  std::optional<model::JobId> continue_before;  // set when there may be more
};
// Jobs that `account` owns or has invoked, older than `before` (nothing: from the newest), at most
// `count`, having examined at most limits::list_rows_examined_max rows. Each page is read by an
// index from its first job on, so that it costs what the first one costs.
Result<JobPage> list_jobs(Reader& rows, const model::AccountId& account, const JobFilter& filter,
                          const std::optional<model::JobId>& before, std::size_t count);

// Before every id that is made at `time` or later, and after those made earlier.
model::JobId first_id_of(Timestamp time);

// By which leases are measured: the database's own time where several nodes share it, whose clocks
// may differ, else that of `clock`.
Result<Timestamp> lease_time(Reader& rows, const Clock& clock);

// Whether claim_job would find one at `now`: a look that writes nothing.
Result<bool> job_waits(Reader& rows, Timestamp now);

struct Claim {
  Timestamp now;
  Timestamp lease_until;
  std::string after_owner = {};  // whose turn was the last; nobody's: empty
};
// Takes a job in progress whose lease is over at `now`: owners have their turns one after the
// other, so that many jobs of one do not hold up those of another, and of an owner's jobs that one
// which has waited longest since its lease was over (an unclaimed one since its creation). Counts
// an attempt and raises the fence. Nothing when none waits. A job whose row cannot be read is
// logged and passed over: it is claimed too, so that it comes again only when that lease is over.
Result<std::optional<ClaimedJob>> claim_job(Transaction& tx, Claim claim);

// Each of these is a conflict when the job is no longer in progress under `fence`.
Result<void> renew_lease(Transaction& tx, const model::Job& job, std::int64_t fence,
                         Timestamp lease_until);
// Gives the job back at once, for another attempt at `not_before`.
Result<void> release_job(Transaction& tx, const model::Job& job, std::int64_t fence,
                         Timestamp not_before);
// Gives the job back, from `not_before` on, as if it had not been claimed: the attempt does not
// count.
Result<void> return_job(Transaction& tx, const model::Job& job, std::int64_t fence,
                        Timestamp not_before);
// Gives every job back at once that this node has claimed: at its start, since its earlier life
// holds leases that nobody will use.
Result<void> release_all_jobs(Transaction& tx);
// The signature exists: block, output hash, signing time and expiry. Only once for a job: a
// conflict when it is signed already.
Result<void> record_signature(Transaction& tx, const model::Job& job, std::int64_t fence,
                              ByteView block, std::string_view output_sha256);
// Ends the job with job.status, status_reason, completed_at (and, when Succeeded, requires in the
// same statement that the profile is still active: ErrorKind::denied when it is not).
Result<void> complete_job(Transaction& tx, const model::Job& job, std::int64_t fence);

}  // namespace hallmark::store
