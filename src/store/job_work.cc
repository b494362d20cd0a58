// The functions of jobs.h that move a job in progress, under its lease and fence.

#include "base/encoding.h"
#include "base/log.h"
#include "store/driver.h"
#include "store/job_row.h"
#include "store/jobs.h"

namespace hallmark::store {
namespace {

using model::Job;
using model::JobStatus;

// By the work alone: whatever has become of the job's own row, those behind it are not held up.
constexpr Sql waiting_sql =
    "SELECT owner, id, fence, attempts, signature_block, output_sha256 FROM job_work "
    "WHERE lease_until <= $1 ORDER BY lease_until, id LIMIT 1 {lock FOR UPDATE SKIP LOCKED}";
constexpr Sql waiting_of_owner_sql =
    "SELECT owner, id, fence, attempts, signature_block, output_sha256 FROM job_work "
    "WHERE owner = $2 AND lease_until <= $1 ORDER BY lease_until, id LIMIT 1 "
    "{lock FOR UPDATE SKIP LOCKED}";
constexpr Sql next_owner_sql = "SELECT owner FROM job_work WHERE owner > $1 ORDER BY owner LIMIT 1";
constexpr auto find_sql = concat("SELECT ", job_columns, " FROM jobs WHERE owner = $1 AND id = $2");
constexpr Sql any_waits_sql = "SELECT 1 FROM job_work WHERE lease_until <= $1 LIMIT 1";
constexpr Sql claim_sql =
    "UPDATE job_work SET lease_until = $4, fence = fence + 1, node = $5, attempts = attempts + 1 "
    "WHERE owner = $1 AND id = $2 AND fence = $3";
constexpr Sql lease_sql =
    "UPDATE job_work SET lease_until = $4 WHERE owner = $1 AND id = $2 AND fence = $3";
constexpr Sql return_sql =
    "UPDATE job_work SET lease_until = $4, attempts = attempts - 1 "
    "WHERE owner = $1 AND id = $2 AND fence = $3";
constexpr Sql free_all_sql =
    "UPDATE job_work SET lease_until = 0 WHERE lease_until <> 0 AND node = $1";
constexpr Sql record_sql =
    "UPDATE job_work SET signature_block = $4, output_sha256 = $5 "
    "WHERE owner = $1 AND id = $2 AND fence = $3 AND output_sha256 = ''";
constexpr Sql signed_sql =
    "UPDATE jobs SET signed_at = $3, signature_expires_at = $4 WHERE owner = $1 AND id = $2";
constexpr Sql holds_sql = "SELECT 1 FROM job_work WHERE owner = $1 AND id = $2 AND fence = $3";
constexpr Sql fail_sql =
    "UPDATE jobs SET status = 1, status_reason = $4, completed_at = $5, "
    "signature_expires_at = NULL "
    "WHERE owner = $1 AND id = $2 AND status = 0 AND EXISTS (SELECT 1 FROM job_work w "
    "WHERE w.owner = jobs.owner AND w.id = jobs.id AND w.fence = $3)";
constexpr Sql succeed_sql =
    "UPDATE jobs SET status = 2, status_reason = $4, completed_at = $5 "
    "WHERE owner = $1 AND id = $2 AND status = 0 AND EXISTS (SELECT 1 FROM job_work w "
    "WHERE w.owner = jobs.owner AND w.id = jobs.id AND w.fence = $3) "
    "AND EXISTS (SELECT 1 FROM profiles p WHERE p.account = jobs.owner "
    "AND p.name = jobs.profile_name AND p.version = jobs.profile_version AND p.status = 0 "
    "{lock FOR SHARE})";
constexpr Sql forget_work_sql = "DELETE FROM job_work WHERE owner = $1 AND id = $2 AND fence = $3";

Error fence_lost() { return conflict("The job is no longer in progress under this claim."); }

// One row changed, or the job is not this worker's any more.
Result<void> require_fence(const Result<std::int64_t>& changed) {
  if (!changed) return changed.error();
  if (*changed == 1) return {};
  return fence_lost();
}

// Why a job could not be ended: the claim is lost, or else it is the profile.
Error explain_refusal(Reader& rows, const Job& job, std::int64_t fence) {
  auto query = ask(rows, holds_sql, job.owner, job.id, fence);
  if (!query) return std::move(query.error());
  const auto holds = query->next();
  if (!holds) return holds.error();
  return *holds ? denied("The signing profile is not active.") : fence_lost();
}

constexpr int unreadable_passed_over_max = 16;  // in one claim; the next goes on behind them
constexpr int owners_asked_max = 16;            // in one claim, for a job that waits

// The key is kept as it is stored, readable or not.
struct Waiting {
  std::string owner;
  Bytes id;
  JobWork work;
};

Result<Waiting> waiting_of(Query& row) {
  return Waiting{.owner = row.text(0),
                 .id = copy_of(row.bytes(1)),
                 .work = {.fence = row.integer(2),
                          .attempts = int(row.integer(3)),
                          .signature_block = copy_of(row.bytes(4)),
                          .output_sha256 = row.text(5)}};
}

// The owner after this one in a circle, of those with unfinished jobs; nothing: there is none.
Result<std::optional<std::string>> next_owner(Reader& rows, std::string_view after) {
  const auto text_of = [](Query& row) -> Result<std::string> { return row.text(0); };
  TRY(Query behind, ask(rows, next_owner_sql, after));
  TRY(auto owner, find_row(std::move(behind), text_of));
  if (owner || after.empty()) return owner;
  TRY(Query first, ask(rows, next_owner_sql, std::string_view()));
  return find_row(std::move(first), text_of);
}

// Of the owner whose turn it is. When a few in turn have nothing that waits, of whoever has waited
// longest: jobs that are put off are no reason to look for long.
Result<std::optional<Waiting>> find_waiting(Transaction& tx, const Claim& claim) {
  std::string after = claim.after_owner;
  std::string first;
  for (int turn = 0; turn < owners_asked_max; ++turn) {
    TRY(auto owner, next_owner(tx, after));
    if (!owner) return std::optional<Waiting>();
    after = *std::move(owner);
    if (after == first) break;  // once around
    if (first.empty()) first = after;
    TRY(Query query, ask(tx, waiting_of_owner_sql, claim.now, after));
    TRY(auto waiting, find_row(std::move(query), waiting_of));
    if (waiting) return waiting;
  }
  TRY(Query query, ask(tx, waiting_sql, claim.now));
  return find_row(std::move(query), waiting_of);
}

Result<std::optional<Waiting>> claim_next(Transaction& tx, const Claim& claim) {
  TRY(auto waiting, find_waiting(tx, claim));
  if (!waiting) return waiting;
  TRY(require_fence(execute(tx, claim_sql, waiting->owner, ByteView(waiting->id),
                            waiting->work.fence, claim.lease_until, tx.chain().node)));
  ++waiting->work.fence;
  ++waiting->work.attempts;
  return waiting;
}

// Corrupt: its row is not there, or not readable.
Result<Job> read_job(Reader& rows, const Waiting& waiting) {
  TRY(Query query, ask(rows, find_sql.data(), waiting.owner, ByteView(waiting.id)));
  TRY(auto job, find_row(std::move(query), job_of));
  if (!job) return corrupt("A job in progress is not there.");
  return *std::move(job);
}

void log_passed_over(const Waiting& waiting, const Error& error) {
  log::error("a job in progress cannot be read and is passed over",
             {{"owner", waiting.owner}, {"job", to_hex(waiting.id)}, {"error", describe(error)}});
}

}  // namespace

Result<Timestamp> lease_time(Reader& rows, const Clock& clock) {
  TRY(const auto shared, rows.connection().shared_time());
  return shared.value_or(clock.now());
}

Result<bool> job_waits(Reader& rows, Timestamp now) {
  TRY(Query query, ask(rows, any_waits_sql, now));
  return query.next();
}

Result<std::optional<ClaimedJob>> claim_job(Transaction& tx, Claim claim) {
  for (int passed_over = 0; passed_over < unreadable_passed_over_max; ++passed_over) {
    TRY(auto waiting, claim_next(tx, claim));
    if (!waiting) break;
    claim.after_owner = waiting->owner;
    auto job = read_job(tx, *waiting);
    if (job) return std::optional(ClaimedJob{*std::move(job), std::move(waiting->work)});
    if (job.error().kind != ErrorKind::corrupt) return std::move(job.error());
    log_passed_over(*waiting, job.error());
  }
  return std::optional<ClaimedJob>();
}

Result<void> renew_lease(Transaction& tx, const Job& job, std::int64_t fence,
                         Timestamp lease_until) {
  return require_fence(execute(tx, lease_sql, job.owner, job.id, fence, lease_until));
}

Result<void> release_job(Transaction& tx, const Job& job, std::int64_t fence,
                         Timestamp not_before) {
  return require_fence(execute(tx, lease_sql, job.owner, job.id, fence, not_before));
}

Result<void> return_job(Transaction& tx, const Job& job, std::int64_t fence, Timestamp not_before) {
  return require_fence(execute(tx, return_sql, job.owner, job.id, fence, not_before));
}

Result<void> release_all_jobs(Transaction& tx) {
  const auto changed = execute(tx, free_all_sql, tx.chain().node);
  if (!changed) return changed.error();
  return {};
}

Result<void> record_signature(Transaction& tx, const Job& job, std::int64_t fence, ByteView block,
                              std::string_view output_sha256) {
  CHECK(!output_sha256.empty());  // it marks the job as signed
  TRY(require_fence(execute(tx, record_sql, job.owner, job.id, fence, block, output_sha256)));
  return require_fence(
      execute(tx, signed_sql, job.owner, job.id, job.signed_at, job.signature_expires_at));
}

Result<void> complete_job(Transaction& tx, const Job& job, std::int64_t fence) {
  CHECK(job.status != JobStatus::in_progress);
  const Sql sql = job.status == JobStatus::succeeded ? succeed_sql : fail_sql;
  TRY(const std::int64_t changed,
      execute(tx, sql, job.owner, job.id, fence, job.status_reason, job.completed_at));
  if (changed == 0) return explain_refusal(tx, job, fence);
  return require_fence(execute(tx, forget_work_sql, job.owner, job.id, fence));
}

}  // namespace hallmark::store
