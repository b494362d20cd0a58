// A prepared statement of a PostgreSQL session. Only the postgresql*.cc files include this.
#pragma once

#include <string>

#include "store/driver.h"
#include "store/postgresql_channel.h"
#include "store/postgresql_units.h"

namespace hallmark::store {

// Borrows both. It is prepared with its first step, and its rows are held from that one on.
class PostgresqlStatement final : public Statement {
 public:
  struct Session {
    PostgresqlChannel& channel;
    PostgresqlUnits& units;
  };
  PostgresqlStatement(Session session, std::string name, Sql sql);

  int parameters() const override { return int(values_.count()); }
  void bind_null(int parameter) override { values_.set_null(parameter); }
  void bind_integer(int parameter, std::int64_t value) override {
    values_.set_integer(parameter, value);
  }
  void bind_text(int parameter, std::string_view value) override {
    values_.set(parameter, std::string(value));
  }
  void bind_bytes(int parameter, ByteView value) override {
    values_.set(parameter, std::string(text_of(value)));
  }

  Result<bool> step() override;
  std::int64_t changes() const override;
  Result<std::int64_t> write_one() override;

  bool is_null(int column) override;
  std::int64_t integer(int column) override;
  std::string_view text(int column) override { return text_of(bytes(column)); }
  ByteView bytes(int column) override;
  void reset() override;

  bool in_use() const { return in_use_; }
  void take() { in_use_ = true; }

 private:
  const Session session_;
  const std::string name_;
  const std::string sql_;
  PostgresqlValues values_;
  PostgresqlAnswer answer_;
  int row_ = -1;
  bool prepared_ = false;
  bool in_use_ = false;
};

}  // namespace hallmark::store
