// list_jobs of jobs.h.

#include <algorithm>

#include "base/limits.h"
#include "store/driver.h"
#include "store/job_row.h"
#include "store/job_sql.h"
#include "store/jobs.h"

namespace hallmark::store {
namespace {

using model::AccountId;
using model::Job;
using model::JobId;
using model::JobStatus;

constexpr auto owned_sql = concat("SELECT ", job_columns, owned_jobs);
constexpr auto owned_revoked_sql = concat("SELECT ", job_columns, owned_revoked_jobs);
constexpr auto owned_unsuccessful_sql = concat("SELECT ", job_columns, owned_unsuccessful_jobs);
constexpr auto owned_of_invoker_sql = concat("SELECT ", job_columns, owned_jobs_of_invoker);
constexpr auto invoked_sql = concat("SELECT ", job_columns, invoked_jobs);

// After every id of version 7.
constexpr JobId after_all() {
  JobId id;
  id.bytes.fill(0xff);
  return id;
}

// The ids that a page may hold.
struct Range {
  JobId before;
  JobId from;
};

// A job ends within job_age_max of its creation while the service runs, so what was created longer
// before `completed_after` has been completed by then.
Range range_of(const JobFilter& filter, const std::optional<JobId>& before) {
  return {before.value_or(after_all()), first_id_of(filter.completed_after - limits::job_age_max)};
}

template <class... Arguments>
Result<Query> ask_range(Reader& rows, Sql sql, const AccountId& whose, const Range& range,
                        const Arguments&... arguments) {
  return ask(rows, sql, whose, range.before, range.from, limits::list_rows_examined_max + 1,
             arguments...);
}

// The jobs that the account owns, by the index with the fewest rows that the filter would drop.
Result<Query> ask_owned(Reader& rows, const AccountId& account, const JobFilter& filter,
                        const Range& range) {
  if (filter.revoked == true) return ask_range(rows, owned_revoked_sql.data(), account, range);
  if (filter.status && *filter.status != JobStatus::succeeded) {
    return ask_range(rows, owned_unsuccessful_sql.data(), account, range, *filter.status);
  }
  if (filter.invoker && filter.invoker != account) {
    return ask_range(rows, owned_of_invoker_sql.data(), account, range, *filter.invoker);
  }
  return ask_range(rows, owned_sql.data(), account, range);
}

// One way in: its rows, newest first.
class Side {
 public:
  static Result<Side> open(Result<Query> asked) {
    TRY(Query query, std::move(asked));
    Side side(std::move(query));
    TRY(side.advance());
    return side;
  }
  static Side empty() { return Side({}); }

  // Of the row; nothing when there is no further one.
  const std::optional<JobId>& id() const { return id_; }
  Query& row() { return *query_; }
  Result<void> advance() {
    id_.reset();
    TRY(const bool more, query_->next());
    if (!more) return {};
    TRY(id_, query_->uuid(job_id_column));
    return {};
  }

 private:
  explicit Side(std::optional<Query> query) : query_(std::move(query)) {}

  std::optional<Query> query_;
  std::optional<JobId> id_;
};

Result<Side> open_invoked(Reader& rows, const AccountId& account, const JobFilter& filter,
                          const Range& range) {
  if (filter.invoker && filter.invoker != account) return Side::empty();
  return Side::open(ask_range(rows, invoked_sql.data(), account, range));
}

// Only a job that succeeded has a signature to expire.
bool expires_within(Query& row, const JobFilter& filter) {
  if (!filter.expires_after && !filter.expires_before) return true;
  if (row.integer(job_status_column) != std::int64_t(JobStatus::succeeded)) return false;
  const auto expires_at = row.find_time(job_expires_column);
  if (!expires_at) return false;
  if (filter.expires_after && *expires_at <= *filter.expires_after) return false;
  return !filter.expires_before || *expires_at < *filter.expires_before;
}

// By the filter's columns alone, before the rest of the row is read.
bool passes(Query& row, const JobFilter& filter) {
  if (filter.invoker && row.view(job_invoker_column) != filter.invoker->view()) return false;
  if (filter.status && row.integer(job_status_column) != std::int64_t(*filter.status)) return false;
  if (filter.revoked && *filter.revoked == row.is_null(job_revoked_column)) return false;
  if (!filter.platform_id.empty() && row.view(job_platform_column) != filter.platform_id) {
    return false;
  }
  if (!filter.requested_by.empty() && row.view(job_requested_by_column) != filter.requested_by) {
    return false;
  }
  const auto completed_at = row.find_time(job_completed_column);
  if (completed_at && *completed_at <= filter.completed_after) return false;
  return expires_within(row, filter);
}

}  // namespace

JobId first_id_of(Timestamp time) {
  JobId id;
  auto millis = std::uint64_t(std::max<std::int64_t>(unix_millis(time), 0));
  for (std::size_t i = 6; i-- > 0; millis >>= 8) id.bytes.at(i) = std::uint8_t(millis);
  return id;
}

Result<JobPage> list_jobs(Reader& rows, const AccountId& account, const JobFilter& filter,
                          const std::optional<JobId>& before, std::size_t count) {
  const Range range = range_of(filter, before);
  TRY(Side owned, Side::open(ask_owned(rows, account, filter, range)));
  TRY(Side invoked, open_invoked(rows, account, filter, range));
  JobPage page;
  std::optional<JobId> last;  // examined
  for (std::size_t examined = 0;; ++examined) {
    Side& newer = owned.id() > invoked.id() ? owned : invoked;  // nothing is less than any id
    if (!newer.id()) return page;
    if (page.jobs.size() == count || examined == limits::list_rows_examined_max) break;
    last = newer.id();
    if (passes(newer.row(), filter)) {
      TRY(Job job, job_of(newer.row()));
      page.jobs.push_back(std::move(job));
    }
    TRY(newer.advance());
  }
  page.continue_before = last ? last : before;
  return page;
}

}  // namespace hallmark::store
