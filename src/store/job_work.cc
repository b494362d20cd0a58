// The functions of jobs.h that move a job in progress, under its lease and fence.

#include "base/limits.h"
#include "store/driver.h"
#include "store/job_row.h"
#include "store/jobs.h"

namespace hallmark::store {
namespace {

using model::Job;
using model::JobStatus;

constexpr auto waiting_sql =
    concat("SELECT ", job_columns,
           ", w.fence, w.attempts, w.signature_block, w.output_sha256 "
           "FROM job_work w JOIN jobs ON jobs.owner = w.owner AND jobs.id = w.id "
           "WHERE w.lease_until <= $1 ORDER BY w.lease_until, w.id LIMIT 1");
constexpr Sql any_waits_sql = "SELECT 1 FROM job_work WHERE lease_until <= $1 LIMIT 1";
constexpr Sql claim_sql =
    "UPDATE job_work SET lease_until = $4, fence = fence + 1, attempts = attempts + 1 "
    "WHERE owner = $1 AND id = $2 AND fence = $3";
constexpr Sql lease_sql =
    "UPDATE job_work SET lease_until = $4 WHERE owner = $1 AND id = $2 AND fence = $3";
constexpr Sql return_sql =
    "UPDATE job_work SET lease_until = $4, attempts = attempts - 1 "
    "WHERE owner = $1 AND id = $2 AND fence = $3";
constexpr Sql free_all_sql = "UPDATE job_work SET lease_until = 0 WHERE lease_until <> 0";
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
    "AND p.name = jobs.profile_name AND p.version = jobs.profile_version AND p.status = 0)";
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

Result<ClaimedJob> claimed_job_of(Query& row) {
  TRY(Job job, job_of(row));
  constexpr int at = job_column_count;
  return ClaimedJob{.job = std::move(job),
                    .work = {.fence = row.integer(at),
                             .attempts = int(row.integer(at + 1)),
                             .signature_block = copy_of(row.bytes(at + 2)),
                             .output_sha256 = row.text(at + 3)}};
}

}  // namespace

Result<bool> job_waits(Reader& rows, Timestamp now) {
  TRY(Query query, ask(rows, any_waits_sql, now));
  return query.next();
}

Result<std::optional<ClaimedJob>> claim_job(Transaction& tx, Timestamp now, Timestamp lease_until) {
  TRY(Query query, ask(tx, waiting_sql.data(), now));
  TRY(auto waiting, find_row(std::move(query), claimed_job_of));
  if (!waiting) return waiting;
  const Job& job = waiting->job;
  TRY(require_fence(execute(tx, claim_sql, job.owner, job.id, waiting->work.fence, lease_until)));
  ++waiting->work.fence;
  ++waiting->work.attempts;
  return waiting;
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
  const auto changed = execute(tx, free_all_sql);
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
