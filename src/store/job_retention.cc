#include "store/job_retention.h"

#include "store/driver.h"
#include "store/job_sql.h"

namespace hallmark::store {
namespace {

constexpr Sql remove_sql = "DELETE FROM jobs WHERE owner = $1 AND id = $2 AND status <> 0";

// A job whose status cannot be read is kept, and does not hold up the walk.
Result<KeptJob> kept_job_of(Query& row) {
  TRY(const model::JobId id, row.uuid(0));
  const auto known = row.enumerator(1, model::JobStatus::succeeded);
  const auto status = known ? *known : model::JobStatus::in_progress;
  return KeptJob{.id = id,
                 .status = status,
                 .completed_at = row.find_time(2),
                 .signature_expires_at = row.find_time(3)};
}

}  // namespace

Result<std::optional<model::AccountId>> find_next_owner(
    Reader& rows, const std::optional<model::AccountId>& after) {
  TRY(Query query, ask(rows, next_owner_sql, after ? after->view() : std::string_view()));
  return find_row(std::move(query), [](Query& row) { return row.name<model::AccountIdRule>(0); });
}

Result<std::vector<KeptJob>> list_kept_jobs(Reader& rows, const model::AccountId& owner,
                                            const JobStretch& stretch, std::size_t count) {
  TRY(Query query, ask(rows, kept_jobs_sql, owner, stretch.after, stretch.to, count));
  return list_rows(std::move(query), kept_job_of);
}

Result<std::size_t> remove_jobs(Transaction& tx, const model::AccountId& owner,
                                std::span<const model::JobId> ids) {
  tx.connection().mark_changed(RowKind::signature);
  tx.connection().mark_changed(RowKind::ended_job);
  std::int64_t removed = 0;
  for (const model::JobId& id : ids) {
    TRY(const std::int64_t gone, execute(tx, remove_sql, owner, id));
    removed += gone;
  }
  return std::size_t(removed);
}

}  // namespace hallmark::store
