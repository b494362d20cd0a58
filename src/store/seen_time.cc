#include "store/seen_time.h"

#include "store/driver.h"

namespace hallmark::store {

// A row for each node: nodes do not wait for each other here.
Result<void> see_time(Transaction& tx, Timestamp now) {
  TRY(execute(tx,
              "INSERT INTO seen_times (node, seen_at) VALUES ($1, $2) "
              "ON CONFLICT (node) DO UPDATE SET seen_at = excluded.seen_at "
              "WHERE excluded.seen_at > seen_times.seen_at",
              tx.chain().node, now));
  return {};
}

Result<void> accept_time(Transaction& tx, Timestamp now) {
  TRY(execute(tx, "UPDATE seen_times SET seen_at = $1 WHERE seen_at > $1", now));
  return {};
}

Result<std::optional<Timestamp>> find_seen_time(Reader& rows) {
  TRY(Query query, ask(rows, "SELECT seen_at FROM seen_times ORDER BY seen_at DESC LIMIT 1"));
  return find_row(std::move(query), [](Query& row) -> Result<Timestamp> { return row.time(0); });
}

}  // namespace hallmark::store
