#include "store/gauges.h"

#include "store/driver.h"

namespace hallmark::store {
namespace {

constexpr Sql waiting_sql =
    "SELECT COUNT(*) FROM (SELECT 1 FROM job_work WHERE lease_until <= $1 LIMIT $2) counted";
constexpr Sql claimed_sql =
    "SELECT COUNT(*) FROM (SELECT 1 FROM job_work WHERE lease_until > $1 LIMIT $2) counted";
constexpr Sql oldest_sql =
    "SELECT id FROM (SELECT id FROM job_work ORDER BY lease_until, id LIMIT $1) counted "
    "ORDER BY id LIMIT 1";
constexpr Sql leaf_sql =
    "SELECT not_after FROM certificates {by leaves_with_keys} WHERE role = 2 "
    "AND length(sealed_key) > 0 AND not_after > $1 ORDER BY not_after LIMIT 1";

Result<std::int64_t> count(Reader& rows, Sql sql, Timestamp now) {
  TRY(Query query, ask(rows, sql, now, counted_rows_max));
  TRY(const bool found, query.next());
  return found ? query.integer(0) : 0;
}

Result<Timestamp> made_at(Query& row) {
  TRY(const Uuid id, row.uuid(0));
  return id.time();
}

}  // namespace

Result<UnfinishedJobs> count_unfinished_jobs(Reader& rows, Timestamp now) {
  UnfinishedJobs jobs;
  TRY(jobs.waiting, count(rows, waiting_sql, now));
  TRY(jobs.claimed, count(rows, claimed_sql, now));
  TRY(Query query, ask(rows, oldest_sql, counted_rows_max));
  TRY(jobs.oldest_created_at, find_row(std::move(query), made_at));
  return jobs;
}

Result<std::optional<Timestamp>> find_next_leaf_end(Reader& rows, Timestamp now) {
  TRY(Query query, ask(rows, leaf_sql, now));
  return find_row(std::move(query), [](Query& row) -> Result<Timestamp> { return row.time(0); });
}

}  // namespace hallmark::store
