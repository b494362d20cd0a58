#include "store/open_standstills.h"

#include "store/driver.h"

namespace hallmark::store {

Result<std::vector<Standstill>> list_open_standstills(Reader& rows) {
  TRY(Query query, ask(rows,
                       "SELECT number, cause, noticed_at FROM standstills "
                       "WHERE accepted_at IS NULL ORDER BY number LIMIT $1",
                       standstills_listed_max));
  return list_rows(std::move(query), [](Query& row) -> Result<Standstill> {
    return Standstill{.number = row.integer(0), .cause = row.text(1), .noticed_at = row.time(2)};
  });
}

}  // namespace hallmark::store
