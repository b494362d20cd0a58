// SQLite's handles and its prepared statement. Only the sqlite*.cc files include this.
#pragma once

#include <sqlite3.h>

#include <memory>
#include <vector>

#include "base/handle.h"
#include "store/driver.h"

namespace hallmark::store {

using Database = Handle<sqlite3, sqlite3_close>;
using PreparedStatement = Handle<sqlite3_stmt, sqlite3_finalize>;

// The Error for what SQLite answered last on this connection.
Error sqlite_error(sqlite3* database, std::string_view what);

class SqliteStatement final : public Statement {
 public:
  // `faulted` is the connection's, and becomes true when a step fails for a reason other than a
  // constraint: what it had written by then counts nowhere.
  static Result<std::unique_ptr<SqliteStatement>> prepare(sqlite3* database, Sql sql,
                                                          bool& faulted);
  SqliteStatement(sqlite3* database, PreparedStatement statement, std::vector<int> places,
                  bool& faulted)
      : database_(database),
        statement_(std::move(statement)),
        places_(std::move(places)),
        faulted_(faulted) {}

  int parameters() const override { return int(places_.size()); }
  void bind_null(int parameter) override;
  void bind_integer(int parameter, std::int64_t value) override;
  void bind_text(int parameter, std::string_view value) override;
  void bind_bytes(int parameter, ByteView value) override;

  Result<bool> step() override;
  std::int64_t changes() const override { return sqlite3_changes64(database_); }
  Result<std::int64_t> write_one() override {  // knows at once
    TRY(step());
    return changes();
  }

  bool is_null(int column) override;
  std::int64_t integer(int column) override;
  std::string_view text(int column) override;
  ByteView bytes(int column) override;
  void reset() override;

  bool in_use() const { return in_use_; }
  void take() { in_use_ = true; }

 private:
  int place_of(int parameter) const { return places_.at(std::size_t(parameter - 1)); }
  void note(int code);

  sqlite3* database_;
  PreparedStatement statement_;
  std::vector<int> places_;  // of $1, $2, …: SQLite numbers parameters by appearance
  bool& faulted_;
  int bind_failure_ = SQLITE_OK;
  bool in_use_ = false;
};

}  // namespace hallmark::store
