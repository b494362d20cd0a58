#include "store/settings.h"

#include "store/driver.h"

namespace hallmark::store {

Result<void> insert_setting(Transaction& tx, std::string_view name, std::string_view value) {
  TRY(execute(tx, "INSERT INTO settings (name, value) VALUES ($1, $2)", name, value));
  return {};
}

Result<std::optional<std::string>> find_setting(Reader& rows, std::string_view name) {
  TRY(Query query, ask(rows, "SELECT value FROM settings WHERE name = $1", name));
  return find_row(std::move(query), [](Query& row) -> Result<std::string> { return row.text(0); });
}

}  // namespace hallmark::store
