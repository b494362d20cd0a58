#include "store/postgresql_statement.h"

#include <algorithm>
#include <charconv>

#include "store/sql_words.h"

namespace hallmark::store {
namespace {

// The planner finds its indexes itself; a lock is meant for an engine with several writers.
std::string in_our_words(std::string_view sql) {
  return choose_words(sql, {.name = "lock", .becomes = ""});
}

// The largest N of $N.
std::size_t parameters_of(std::string_view sql) {
  std::size_t most = 0;
  for (auto at = sql.find('$'); at != std::string_view::npos; at = sql.find('$', at + 1)) {
    std::size_t number = 0;
    const auto read = std::from_chars(sql.data() + at + 1, sql.data() + sql.size(), number);
    if (read.ec == std::errc()) most = std::max(most, number);
  }
  return most;
}

}  // namespace

PostgresqlStatement::PostgresqlStatement(Session session, std::string name, Sql sql)
    : session_(session),
      name_(std::move(name)),
      sql_(in_our_words(sql.text())),
      values_(parameters_of(sql_)) {}

Result<bool> PostgresqlStatement::step() {
  if (answer_ == nullptr) {
    if (!prepared_) TRY(session_.channel.defer_prepare(name_, sql_, &prepared_));
    TRY(answer_, session_.units.run(name_, values_));
    CHECK(answer_ != nullptr);
    row_ = -1;
  }
  return ++row_ < PQntuples(answer_.get());
}

std::int64_t PostgresqlStatement::changes() const {
  const std::string_view text = answer_ == nullptr ? "" : PQcmdTuples(answer_.get());
  std::int64_t count = 0;
  std::from_chars(text.data(), text.data() + text.size(), count);
  return count;
}

// The first time it is waited for, so that it is known to be prepared.
Result<std::int64_t> PostgresqlStatement::write_one() {
  if (prepared_ && session_.units.may_post()) {
    TRY(session_.units.post(name_, values_));
    return std::int64_t(1);
  }
  TRY(step());
  return changes();
}

bool PostgresqlStatement::is_null(int column) {
  return PQgetisnull(answer_.get(), row_, column) == 1;
}

// Big-endian, of 8 bytes, or of 4 where the SQL has a literal.
std::int64_t PostgresqlStatement::integer(int column) {
  const ByteView held = bytes(column);
  if (held.empty() || held.size() > sizeof(std::int64_t)) return 0;
  std::uint64_t value = (held.front() & 0x80) != 0 ? ~std::uint64_t(0) : 0;
  for (const std::uint8_t byte : held) value = value << 8 | byte;
  return std::int64_t(value);
}

ByteView PostgresqlStatement::bytes(int column) {
  if (is_null(column)) return {};
  const char* data = PQgetvalue(answer_.get(), row_, column);
  return {reinterpret_cast<const std::uint8_t*>(data),
          std::size_t(PQgetlength(answer_.get(), row_, column))};
}

void PostgresqlStatement::reset() {
  answer_.reset();
  values_.clear();
  in_use_ = false;
}

}  // namespace hallmark::store
