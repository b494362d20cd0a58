#include "store/check.h"

#include "store/audit_chain.h"

namespace hallmark::store {
namespace {

// Corrupt when the query finds a row, whose first two columns name a job.
Result<void> require_none(Query query, std::string_view fault) {
  TRY(const bool found, query.next());
  if (!found) return {};
  TRY(const Uuid id, query.uuid(1));
  return corrupt("Job " + id.text() + " of account " + query.text(0) + " " + std::string(fault));
}

}  // namespace

Result<void> check_rows(Reader& rows, const Chain& chain) {
  TRY(rows.connection().check_structure());
  TRY(check_chain(rows, chain));
  TRY(Query idle, ask(rows,
                      "SELECT owner, id FROM jobs WHERE status = 0 AND NOT EXISTS (SELECT 1 FROM "
                      "job_work w WHERE w.owner = jobs.owner AND w.id = jobs.id) LIMIT 1"));
  TRY(require_none(std::move(idle), "is in progress without work."));
  TRY(Query stray, ask(rows,
                       "SELECT w.owner, w.id FROM job_work w WHERE NOT EXISTS (SELECT 1 FROM jobs "
                       "WHERE jobs.owner = w.owner AND jobs.id = w.id AND jobs.status = 0) "
                       "LIMIT 1"));
  return require_none(std::move(stray), "has work and is not in progress.");
}

}  // namespace hallmark::store
