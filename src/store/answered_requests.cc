#include "store/answered_requests.h"

#include "store/driver.h"

namespace hallmark::store {

Result<void> insert_answered_request(Transaction& tx, const AnsweredRequest& request) {
  TRY(execute(tx,
              "INSERT INTO answered_requests (signature, answered_at, answer) VALUES ($1, $2, $3)",
              request.signature, request.answered_at, request.answer));
  return {};
}

Result<std::optional<std::string>> find_answer(Reader& rows, std::string_view signature) {
  TRY(Query query,
      ask(rows, "SELECT answer FROM answered_requests WHERE signature = $1", signature));
  return find_row(std::move(query), [](Query& row) -> Result<std::string> { return row.text(0); });
}

Result<bool> old_answers_wait(Reader& rows, Timestamp time) {
  TRY(Query query,
      ask(rows, "SELECT 1 FROM answered_requests WHERE answered_at < $1 LIMIT 1", time));
  return query.next();
}

Result<std::size_t> remove_answered_requests(Transaction& tx, Timestamp time, std::size_t count) {
  TRY(const std::int64_t removed,
      execute(tx,
              "DELETE FROM answered_requests WHERE signature IN (SELECT signature FROM "
              "answered_requests WHERE answered_at < $1 ORDER BY answered_at LIMIT $2)",
              time, count));
  return std::size_t(removed);
}

}  // namespace hallmark::store
