#include "store/sqlite_statement.h"

#include <fmt/format.h>

#include "store/sql_words.h"

namespace hallmark::store {
namespace {

Error error_of(int code, std::string_view text, std::string_view what) {
  std::string detail = fmt::format("{}: SQLite {}: {}", what, code, text);
  const auto with_detail = [&](Error error) {
    error.detail = std::move(detail);
    return error;
  };
  switch (code) {
    case SQLITE_CONSTRAINT_PRIMARYKEY:
    case SQLITE_CONSTRAINT_ROWID:
    case SQLITE_CONSTRAINT_UNIQUE: return with_detail(conflict("It is there already."));
    case SQLITE_CONSTRAINT_FOREIGNKEY:
      return with_detail(not_found("What it refers to is not there."));
    default: break;
  }
  switch (code & 0xff) {  // the primary code of an extended one
    case SQLITE_FULL:
    case SQLITE_NOMEM:
    case SQLITE_BUSY:
    case SQLITE_LOCKED: return unavailable(std::move(detail));
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB: return with_detail(corrupt("The store is damaged."));
    default: return internal_error(std::move(detail));
  }
}

// Without statistics SQLite prefers the primary key to any partial index. INDEXED BY also makes
// preparing fail when the index does not serve. Locks are for engines with several writers.
std::string in_our_words(std::string_view sql) {
  return choose_words(sql, {.name = "by", .becomes = "INDEXED BY "});
}

}  // namespace

Error sqlite_error(sqlite3* database, std::string_view what) {
  return error_of(sqlite3_extended_errcode(database), sqlite3_errmsg(database), what);
}

Result<std::unique_ptr<SqliteStatement>> SqliteStatement::prepare(sqlite3* database, Sql sql,
                                                                  bool& faulted) {
  const std::string text = in_our_words(sql.text());
  sqlite3_stmt* raw = nullptr;
  const int code =
      sqlite3_prepare_v3(database, text.c_str(), -1, SQLITE_PREPARE_PERSISTENT, &raw, nullptr);
  PreparedStatement statement(raw);
  if (code != SQLITE_OK) return sqlite_error(database, sql.text());
  std::vector<int> places;
  for (int parameter = 1; parameter <= sqlite3_bind_parameter_count(raw); ++parameter) {
    const int place = sqlite3_bind_parameter_index(raw, fmt::format("${}", parameter).c_str());
    CHECK(place > 0);  // a gap in our own SQL
    places.push_back(place);
  }
  return std::make_unique<SqliteStatement>(database, std::move(statement), std::move(places),
                                           faulted);
}

void SqliteStatement::bind_null(int parameter) {
  note(sqlite3_bind_null(statement_.get(), place_of(parameter)));
}

void SqliteStatement::bind_integer(int parameter, std::int64_t value) {
  note(sqlite3_bind_int64(statement_.get(), place_of(parameter), value));
}

void SqliteStatement::bind_text(int parameter, std::string_view value) {
  // A null pointer would bind NULL, which an empty view may hold.
  const char* data = value.empty() ? "" : value.data();
  note(sqlite3_bind_text64(statement_.get(), place_of(parameter), data, value.size(),
                           SQLITE_TRANSIENT, SQLITE_UTF8));
}

void SqliteStatement::bind_bytes(int parameter, ByteView value) {
  if (value.empty()) {
    note(sqlite3_bind_zeroblob(statement_.get(), place_of(parameter), 0));
  } else {
    note(sqlite3_bind_blob64(statement_.get(), place_of(parameter), value.data(), value.size(),
                             SQLITE_TRANSIENT));
  }
}

Result<bool> SqliteStatement::step() {
  if (bind_failure_ != SQLITE_OK) {
    return error_of(bind_failure_, sqlite3_errstr(bind_failure_), "bind");
  }
  switch (sqlite3_step(statement_.get())) {
    case SQLITE_ROW: return true;
    case SQLITE_DONE: return false;
    default: break;
  }
  if ((sqlite3_errcode(database_) & 0xff) != SQLITE_CONSTRAINT) faulted_ = true;
  return sqlite_error(database_, "step");
}

bool SqliteStatement::is_null(int column) {
  return sqlite3_column_type(statement_.get(), column) == SQLITE_NULL;
}

std::int64_t SqliteStatement::integer(int column) {
  return sqlite3_column_int64(statement_.get(), column);
}

std::string_view SqliteStatement::text(int column) { return text_of(bytes(column)); }

ByteView SqliteStatement::bytes(int column) {
  // Of a text too: unlike sqlite3_column_text this allocates nothing, so it cannot fail.
  const void* data = sqlite3_column_blob(statement_.get(), column);
  const int size = sqlite3_column_bytes(statement_.get(), column);
  return {static_cast<const std::uint8_t*>(data), data == nullptr ? 0 : std::size_t(size)};
}

void SqliteStatement::reset() {
  // Answers the error of the last step again, which its caller has already.
  static_cast<void>(sqlite3_reset(statement_.get()));
  static_cast<void>(sqlite3_clear_bindings(statement_.get()));  // never fails
  bind_failure_ = SQLITE_OK;
  in_use_ = false;
}

void SqliteStatement::note(int code) {
  if (bind_failure_ == SQLITE_OK) bind_failure_ = code;
}

}  // namespace hallmark::store
