#include "store/standstill.h"

#include "store/driver.h"

namespace hallmark::store {
namespace {

constexpr char select_open[] =
    "SELECT number, cause, noticed_at FROM standstills WHERE accepted_at IS NULL ";
constexpr auto newest_sql = concat(select_open, "ORDER BY number DESC LIMIT 1");
constexpr auto list_sql = concat(select_open, "ORDER BY number LIMIT $1");

Result<Standstill> standstill_of(Query& row) {
  return Standstill{.number = row.integer(0), .cause = row.text(1), .noticed_at = row.time(2)};
}

}  // namespace

Result<Standing> find_standing(Reader& rows) {
  Standing standing;
  {
    TRY(Query query, ask(rows,
                         "SELECT number FROM standstills WHERE accepted_at IS NOT NULL "
                         "ORDER BY number DESC LIMIT 1"));
    TRY(const bool found, query.next());
    if (found) standing.epoch = query.integer(0);
  }
  TRY(Query newest, ask(rows, newest_sql.data()));
  TRY(standing.standstill, find_row(std::move(newest), standstill_of));
  return standing;
}

Result<std::vector<Standstill>> list_open_standstills(Reader& rows) {
  TRY(Query query, ask(rows, list_sql.data(), standstills_listed_max));
  return list_rows(std::move(query), standstill_of);
}

Result<void> insert_standstill(Transaction& tx, const Standstill& standstill) {
  TRY(execute(tx,
              "INSERT INTO standstills (number, cause, noticed_at, accepted_because) "
              "VALUES ($1, $2, $3, '')",
              standstill.number, standstill.cause, standstill.noticed_at));
  return {};
}

Result<void> accept_standstills(Transaction& tx, const Acceptance& acceptance) {
  TRY(const std::int64_t changed,
      execute(tx,
              "UPDATE standstills SET accepted_at = $1, accepted_because = $2 "
              "WHERE accepted_at IS NULL AND number <= $3",
              acceptance.time, acceptance.reason, acceptance.last));
  if (changed > 0) return {};
  return not_found("Nothing is to be accepted: the service does not stand still.");
}

}  // namespace hallmark::store
