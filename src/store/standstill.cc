#include "store/standstill.h"

#include "store/driver.h"

namespace hallmark::store {
namespace {

Result<std::optional<Standstill>> find_open(Reader& rows) {
  TRY(Query query, ask(rows,
                       "SELECT number, cause, noticed_at FROM standstills "
                       "WHERE accepted_at IS NULL ORDER BY number DESC LIMIT 1"));
  return find_row(std::move(query), [](Query& row) -> Result<Standstill> {
    return Standstill{.number = row.integer(0), .cause = row.text(1), .noticed_at = row.time(2)};
  });
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
  TRY(standing.standstill, find_open(rows));
  return standing;
}

Result<void> insert_standstill(Transaction& tx, const Standstill& standstill) {
  TRY(execute(tx,
              "INSERT INTO standstills (number, cause, noticed_at, accepted_because) "
              "VALUES ($1, $2, $3, '')",
              standstill.number, standstill.cause, standstill.noticed_at));
  return {};
}

Result<void> accept_standstills(Transaction& tx, const Acceptance& acceptance) {
  TRY(const std::int64_t changed, execute(tx,
                                          "UPDATE standstills SET accepted_at = $1, "
                                          "accepted_because = $2 WHERE accepted_at IS NULL",
                                          acceptance.time, acceptance.reason));
  if (changed > 0) return {};
  return not_found("Nothing is to be accepted: the service does not stand still.");
}

}  // namespace hallmark::store
