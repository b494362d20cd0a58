#include "store/change_counts.h"

#include "store/driver.h"
#include "store/head.h"

namespace hallmark::store {

Result<void> count_change(Transaction& tx, Topic topic) {
  show_to_witness(tx);  // what is counted takes rights away or gives them
  if (!tx.connection().is_shared()) return {};
  TRY(execute(tx, count_change_sql, topic));
  return {};
}

Result<std::int64_t> find_change_count(Reader& rows, Topic topic) {
  TRY(const auto counts, rows.connection().change_counts());
  return counts ? counts->at(std::size_t(topic)) : std::int64_t(0);
}

}  // namespace hallmark::store
