#include "store/outbox.h"

#include <fmt/format.h>

#include "base/encoding.h"
#include "store/driver.h"

namespace hallmark::store {
namespace {

constexpr Sql add_sql =
    "INSERT INTO outbox (target, id, account, owner, job, status, happened_at, lease_until, "
    "attempts) VALUES ($1, $2, $3, $4, $5, $6, $7, 0, 0)";
// The one whose turn it is. Behind an older one of its job an event does not come up, however long
// that one is put off.
constexpr Sql waiting_sql =
    "SELECT id, account, owner, job, status, happened_at, attempts FROM outbox waiting "
    "WHERE target = $1 AND lease_until <= $2 AND NOT EXISTS (SELECT 1 FROM outbox earlier "
    "WHERE earlier.target = waiting.target AND earlier.owner = waiting.owner "
    "AND earlier.account = waiting.account AND earlier.job = waiting.job "
    "AND earlier.id < waiting.id) "
    "ORDER BY lease_until, id LIMIT 1 {lock FOR UPDATE SKIP LOCKED}";
constexpr Sql any_waits_sql =
    "SELECT 1 FROM outbox WHERE target = $1 AND lease_until <= $2 LIMIT 1";
constexpr Sql claim_sql =
    "UPDATE outbox SET lease_until = $3, attempts = attempts + 1 WHERE target = $1 AND id = $2";
constexpr Sql put_off_sql = "UPDATE outbox SET lease_until = $3 WHERE target = $1 AND id = $2";
constexpr Sql remove_sql = "DELETE FROM outbox WHERE target = $1 AND id = $2";
constexpr Sql count_sql =
    "SELECT COUNT(*) FROM (SELECT 1 FROM outbox WHERE target = $1 LIMIT $2) counted";
constexpr Sql oldest_sql = "SELECT happened_at FROM outbox WHERE target = $1 ORDER BY id LIMIT 1";

Result<JobEvent> event_of(Query& row, EventTarget target) {
  TRY(const Uuid id, row.uuid(0));
  TRY(auto account, row.name<model::AccountIdRule>(1));
  TRY(auto owner, row.name<model::AccountIdRule>(2));
  TRY(const Uuid job, row.uuid(3));
  TRY(const auto status, row.enumerator(4, model::JobStatus::succeeded));
  return JobEvent{.id = id,
                  .target = target,
                  .account = std::move(account),
                  .owner = std::move(owner),
                  .job = job,
                  .status = status,
                  .at = row.time(5)};
}

// With its id, which is all that there is to know of it.
Error unreadable(ByteView id, Error error) {
  error.detail = fmt::format("event {}: {}", to_hex(id), error.detail);
  return error;
}

}  // namespace

Result<void> add_event(Transaction& tx, const JobEvent& event) {
  TRY(execute(tx, add_sql, event.target, event.id, event.account, event.owner, event.job,
              event.status, event.at));
  return {};
}

Result<bool> event_waits(Reader& rows, EventTarget target, Timestamp now) {
  TRY(Query query, ask(rows, any_waits_sql, target, now));
  return query.next();
}

Result<std::optional<ClaimedEvent>> claim_event(Transaction& tx, EventTarget target, Timestamp now,
                                                Timestamp lease_until) {
  using Found = std::pair<Bytes, ClaimedEvent>;
  TRY(Query query, ask(tx, waiting_sql, target, now));
  TRY(auto found, find_row(std::move(query), [&](Query& row) -> Result<Found> {
        return Found(copy_of(row.bytes(0)), {event_of(row, target), int(row.integer(6)) + 1});
      }));
  if (!found) return std::optional<ClaimedEvent>();
  auto& [id, claimed] = *found;
  if (claimed.event) {
    TRY(execute(tx, claim_sql, target, ByteView(id), lease_until));
  } else {
    // Here and now: another transaction could not tell that it is the same one.
    TRY(execute(tx, remove_sql, target, ByteView(id)));
    claimed.event = unreadable(id, std::move(claimed.event.error()));
  }
  return std::optional(std::move(claimed));
}

Result<void> put_off_event(Transaction& tx, const JobEvent& event, Timestamp not_before) {
  TRY(execute(tx, put_off_sql, event.target, event.id, not_before));
  return {};
}

Result<void> remove_event(Transaction& tx, const JobEvent& event) {
  TRY(execute(tx, remove_sql, event.target, event.id));
  return {};
}

Result<OutboxSize> measure_outbox(Reader& rows, EventTarget target, std::int64_t rows_max) {
  OutboxSize size;
  TRY(Query count, ask(rows, count_sql, target, rows_max));
  TRY(const bool found, count.next());
  if (found) size.rows = count.integer(0);
  TRY(Query oldest, ask(rows, oldest_sql, target));
  TRY(size.oldest_at,
      find_row(std::move(oldest), [](Query& row) -> Result<Timestamp> { return row.time(0); }));
  return size;
}

}  // namespace hallmark::store
