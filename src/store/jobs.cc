#include "store/jobs.h"

#include <algorithm>

#include "store/driver.h"
#include "store/job_row.h"
#include "store/profiles.h"
#include "store/row_memory.h"

namespace hallmark::store {
namespace {

using model::AccountId;
using model::Job;
using model::JobId;
using model::JobStatus;

// The profile is looked at in the statement that inserts, so no cache can let a job slip in after
// the profile's end was committed. A new job is not revoked.
constexpr Sql insert_sql =
    "INSERT INTO jobs (owner, id, invoker, profile_name, profile_version, platform_id, "
    "requested_by, request_token, source_bucket, source_key, source_version, destination_bucket, "
    "destination_key, status, status_reason, created_at, completed_at, signed_at, "
    "signature_expires_at, certificate_arn) "
    "SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, "
    "$20 FROM profiles "
    "WHERE account = $1 AND name = $4 AND version = $5 AND status = 0 AND revision = $21 "
    "{lock FOR SHARE} "
    "ON CONFLICT (invoker, request_token) WHERE request_token IS NOT NULL DO NOTHING";
constexpr Sql insert_work_sql =
    "INSERT INTO job_work (owner, id, lease_until, fence, attempts, signature_block, "
    "output_sha256, node) VALUES ($1, $2, $3, 0, 0, $4, '', 0)";
constexpr auto find_sql = concat("SELECT ", job_columns, " FROM jobs WHERE owner = $1 AND id = $2");
constexpr auto find_by_invoker_sql = concat(
    "SELECT ", job_columns, " FROM jobs WHERE invoker = $1 AND invoker <> owner AND id = $2");
constexpr auto find_by_token_sql =
    concat("SELECT ", job_columns, " FROM jobs WHERE invoker = $1 AND request_token = $2");

std::optional<std::string_view> unless_empty(const std::string& text) {
  if (text.empty()) return std::nullopt;
  return text;
}

std::optional<std::string_view> of_source(const Job& job,
                                          std::string model::SourceObject::*member) {
  if (!job.source) return std::nullopt;
  return (*job.source).*member;
}

// Why nothing was inserted: a repeated call gets its first job, whatever became of the profile.
Result<std::optional<Job>> find_earlier(Reader& rows, const Job& job) {
  if (!job.request_token.empty()) {
    TRY(auto earlier, find_job_by_token(rows, job.invoker, job.request_token));
    if (earlier) return earlier;
  }
  TRY(const auto profile, find_profile(rows, job.owner, job.profile_name));
  if (profile && profile->status == model::ProfileStatus::active &&
      profile->version == job.profile_version) {
    return changed_while_judged();
  }
  return denied("The signing profile is not active.");
}

// Our clock may be ahead of the one that the leases are measured by.
Result<void> insert_work(Transaction& tx, const Job& job) {
  TRY(const auto shared, tx.connection().shared_time());
  const Timestamp waits_since = std::min(job.created_at, shared.value_or(job.created_at));
  TRY(execute(tx, insert_work_sql, job.owner, job.id, waits_since, ByteView()));
  return {};
}

}  // namespace

Result<std::optional<Job>> insert_job(Transaction& tx, const Job& job,
                                      std::int64_t profile_revision) {
  using Source = model::SourceObject;
  TRY(Query insert,
      ask(tx, insert_sql, job.owner, job.id, job.invoker, job.profile_name, job.profile_version,
          job.platform_id, job.requested_by, unless_empty(job.request_token),
          of_source(job, &Source::bucket), of_source(job, &Source::key),
          of_source(job, &Source::version), job.destination_bucket, job.destination_key, job.status,
          job.status_reason, job.created_at, job.completed_at, job.signed_at,
          job.signature_expires_at, job.certificate_arn, profile_revision));
  // A token may well be there already; without one only a profile that changes is in the way.
  TRY(const auto inserted, job.request_token.empty() ? insert.write_one() : insert.write());
  if (inserted == 0) return find_earlier(tx, job);
  if (job.status == JobStatus::in_progress) TRY(insert_work(tx, job));
  return std::optional<Job>();
}

Result<std::optional<Job>> find_job(Reader& rows, const AccountId& owner, const JobId& id) {
  const auto find = [&]() -> Result<std::optional<Job>> {
    TRY(Query query, ask(rows, find_sql.data(), owner, id));
    return find_row(std::move(query), job_of);
  };
  std::string name = owner.text();
  name.append(text_of(id.bytes));
  return recall(rows, &RowMemory::ended_jobs, name, find);
}

Result<std::optional<Job>> find_job_seen_by(Reader& rows, const AccountId& account,
                                            const JobId& id) {
  TRY(auto owned, find_job(rows, account, id));
  if (owned) return owned;
  TRY(Query query, ask(rows, find_by_invoker_sql.data(), account, id));
  return find_row(std::move(query), job_of);
}

Result<std::optional<Job>> find_job_by_token(Reader& rows, const AccountId& invoker,
                                             std::string_view token) {
  TRY(Query query, ask(rows, find_by_token_sql.data(), invoker, token));
  return find_row(std::move(query), job_of);
}

}  // namespace hallmark::store
