// The private seam between the typed functions and a database engine: what SQL needs, and no more.
// The SQL above it is written once; an engine is one Driver with its Connection and Statement.
#pragma once

#include <array>
#include <concepts>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/result.h"
#include "base/text.h"
#include "base/uuid.h"
#include "store/change_counts.h"
#include "store/store.h"

namespace hallmark::store {

// SQL that is a constant of the program: statements are cached by its address. Parameters are $1,
// $2, … without a gap, in any order and as often as needed. A table's name may be followed by
// {by INDEX}: the partial index that serves, for engines that do not find it by themselves. A
// SELECT may end in {lock FOR SHARE} or its like, for engines where others write at the same time.
class Sql {
 public:
  // NOLINTNEXTLINE(google-explicit-constructor): a literal is SQL.
  consteval Sql(const char* text) : text_(text) {}
  const char* text() const { return text_; }

 private:
  const char* text_;
};

// Joins constant texts, for SQL that shares a list of columns.
template <std::size_t... N>
consteval auto concat(const char (&... parts)[N]) {
  std::array<char, (N + ...) - sizeof...(N) + 1> joined = {};
  std::size_t at = 0;
  const auto append = [&](const char* part) {
    while (*part != '\0') joined[at++] = *part++;
  };
  (append(parts), ...);
  return joined;
}

// A prepared statement of one connection. Its values of a row are borrowed until the next step.
class Statement {
 public:
  virtual ~Statement() = default;

  virtual int parameters() const = 0;
  // Bound values are copied. A failure to bind is what the next step fails with.
  virtual void bind_null(int parameter) = 0;
  virtual void bind_integer(int parameter, std::int64_t value) = 0;
  virtual void bind_text(int parameter, std::string_view value) = 0;
  virtual void bind_bytes(int parameter, ByteView value) = 0;

  // Whether there is a row. Conflict: a primary key or a unique index holds the row already. Not
  // found: a row that it refers to is not there.
  virtual Result<bool> step() = 0;
  virtual std::int64_t changes() const = 0;  // rows that the finished statement wrote
  // Instead of step(), for a statement that answers no rows and as a rule writes one: how many it
  // wrote. In a transaction that presumes (Pace) the engine may say one before it knows.
  virtual Result<std::int64_t> write_one() = 0;

  virtual bool is_null(int column) = 0;  // columns count from 0
  virtual std::int64_t integer(int column) = 0;
  virtual std::string_view text(int column) = 0;
  virtual ByteView bytes(int column) = 0;

  // Ready to be bound and stepped again; nothing of the last run is kept.
  virtual void reset() = 0;
};

// Rows of which some are kept in memory (store/row_memory.h).
enum class RowKind {
  profile,    // what a stored profile says
  signature,  // whether a signature is revoked: with its job, its profile or a certificate
  ended_job,  // a job that is no longer in progress
};
inline constexpr std::size_t row_kinds = 3;
struct Recollection;

// Whether a transaction may presume: that a statement wrote what it does as a rule, and that none
// of its units has to be undone alone, so that none needs a savepoint. What does not hold is found
// before the commit: then nothing of the transaction has happened, and its units are to be run
// again, looking. So who runs them loses nothing but time.
enum class Pace { presuming, looking };

// One connection, used by one thread at a time.
class Connection {
 public:
  virtual ~Connection() = default;

  // The prepared statement of a constant, not in use by anybody.
  virtual Result<Statement*> prepare(Sql sql) = 0;

  virtual Result<void> begin_read() = 0;  // a snapshot
  // Anew: since the last transaction that was begun here, another session of this node may have
  // written, so that what is remembered of the store is to be read again.
  enum class Begun { going_on, anew };
  virtual Result<Begun> begin_write(Pace pace) = 0;
  // Conflict: nothing happened, and running the units again may help. Any other error: nothing
  // happened that anybody was told. When that cannot be known (fsync failed), the process is
  // stopped.
  virtual Result<void> commit() = 0;
  virtual void rollback() = 0;  // also when there is no transaction
  // False also after an error, or a presumption that did not hold, by which the whole transaction
  // is lost.
  virtual bool in_transaction() = 0;

  virtual Result<void> savepoint() = 0;  // of a unit; none need be there in one that presumes
  virtual Result<void> release_savepoint() = 0;
  virtual Result<void> rollback_to_savepoint() = 0;  // an error: the whole transaction has to go

  // What the transaction, which reads, may be told from memory; null: nothing.
  virtual Result<const Recollection*> recollection() = 0;
  // The transaction writes such rows. Before the first of them is written.
  virtual void mark_changed(RowKind kind) = 0;

  virtual bool is_shared() const = 0;  // with other processes
  // Begins to write while no other process changes the schema.
  virtual Result<void> begin_schema_change() = 0;
  // Announces this process under the name of its node, once, before anything is written by units.
  // The node's number: 0 where there is no other.
  virtual Result<std::int64_t> join(std::string_view node) = 0;
  // The counts of changes as of now, whatever the snapshot. Nothing where there is one process.
  virtual Result<std::optional<ChangeCounts>> change_counts() = 0;
  // The clock that all nodes share: the database's. Nothing where there is one process.
  virtual Result<std::optional<Timestamp>> shared_time() = 0;

  // Several statements without parameters; the words in braces are replaced by the engine's own
  // (see migrations.cc).
  virtual Result<void> run_script(std::string_view script) = 0;

  // Housekeeping that may take a while, between two groups.
  virtual void tidy() = 0;
  // Reads everything. Corrupt, naming the first fault.
  virtual Result<void> check_structure() = 0;
};

class Driver {
 public:
  virtual ~Driver() = default;
  virtual Result<std::unique_ptr<Connection>> open_writer() = 0;  // once, before any reader
  virtual Result<std::unique_ptr<Connection>> open_reader() = 0;  // any thread
  virtual bool is_shared() const = 0;                             // with other processes
  virtual std::string_view node() const = 0;                      // its name; empty: the only one
};

// The audit chain as the writer holds it: the last record's place and link, and how to link.
class Chain {
 public:
  struct Head {  // in the chain, not among all nodes as store::Head
    std::int64_t sequence = 0;
    Hash link = {};  // 32 zero bytes before the first record
  };
  Chain(Link link, std::int64_t of_node, Head start)
      : node(of_node), head(start), link_(std::move(link)) {}
  Head after(const Hash& record) const {
    return {.sequence = head.sequence + 1, .link = link_(head.link, record)};
  }
  std::int64_t node;  // each has a chain of its own
  Head head;
  bool is_for_witness = false;  // what is written must not be lost unnoticed (Store::set_witness)

 private:
  Link link_;
};

// How values of C++ become parameters.
inline void bind_value(Statement& to, int parameter, std::string_view value) {
  to.bind_text(parameter, value);
}
inline void bind_value(Statement& to, int parameter, ByteView value) {
  to.bind_bytes(parameter, value);
}
inline void bind_value(Statement& to, int parameter, const Uuid& value) {
  to.bind_bytes(parameter, value.bytes);
}
inline void bind_value(Statement& to, int parameter, Timestamp value) {
  to.bind_integer(parameter, unix_millis(value));
}
template <class T>
requires std::integral<T> || std::is_enum_v<T>
void bind_value(Statement& to, int parameter, T value) {
  to.bind_integer(parameter, static_cast<std::int64_t>(value));
}
template <TextRule Rule>
void bind_value(Statement& to, int parameter, const Text<Rule>& value) {
  to.bind_text(parameter, value.view());
}
template <class T>
void bind_value(Statement& to, int parameter, const std::optional<T>& value) {
  if (value) {
    bind_value(to, parameter, *value);
  } else {
    to.bind_null(parameter);
  }
}

// A statement while it is in use; given back when the Query goes.
class Query {
 public:
  explicit Query(Statement& statement) : statement_(&statement) {}

  Result<bool> next() { return statement_->step(); }
  // Of a statement that answers no rows, instead of next(): the number of rows that it wrote; and
  // of one that as a rule writes one (Statement::write_one).
  Result<std::int64_t> write() {
    TRY(next());
    return statement_->changes();
  }
  Result<std::int64_t> write_one() { return statement_->write_one(); }

  // Columns of the row, from 0. Those that return a Result are corrupt when the value breaks its
  // own rule: nobody wrote that through the functions of this module.
  bool is_null(int column) { return statement_->is_null(column); }
  std::int64_t integer(int column) { return statement_->integer(column); }
  std::string_view view(int column) { return statement_->text(column); }
  std::string text(int column) { return std::string(view(column)); }
  ByteView bytes(int column) { return statement_->bytes(column); }
  Timestamp time(int column) { return from_unix_millis(integer(column)); }
  std::optional<Timestamp> find_time(int column);
  Result<Uuid> uuid(int column);
  Result<std::optional<Uuid>> find_uuid(int column);
  Result<Hash> hash(int column);
  template <TextRule Rule>
  Result<Text<Rule>> name(int column) {
    auto parsed = Text<Rule>::parse(view(column));
    if (!parsed) return broken(column, parsed.error().message);
    return parsed;
  }
  // An enumerator from the first (0) to `last`.
  template <class Enum>
  requires std::is_enum_v<Enum> Result<Enum> enumerator(int column, Enum last) {
    const std::int64_t number = integer(column);
    if (number < 0 || number > static_cast<std::int64_t>(last)) return broken(column, "no such");
    return static_cast<Enum>(number);
  }

 private:
  struct GivesBack {
    void operator()(Statement* statement) const noexcept { statement->reset(); }
  };
  static Error broken(int column, std::string_view why);

  std::unique_ptr<Statement, GivesBack> statement_;
};

// Binds $1, $2, … to the arguments, in this order.
template <class... Arguments>
Result<Query> ask(Reader& rows, Sql sql, const Arguments&... arguments) {
  TRY(Statement * statement, rows.connection().prepare(sql));
  Query query(*statement);
  CHECK(statement->parameters() == int(sizeof...(arguments)));
  int parameter = 0;
  (bind_value(*statement, ++parameter, arguments), ...);
  return query;
}

// Runs a statement that answers no rows; the number of rows that it wrote.
template <class... Arguments>
Result<std::int64_t> execute(Transaction& tx, Sql sql, const Arguments&... arguments) {
  TRY(Query query, ask(tx, sql, arguments...));
  return query.write();
}

// The same for a statement that must write one row, which is not waited for.
template <class... Arguments>
Result<void> execute_one(Transaction& tx, Sql sql, const Arguments&... arguments) {
  TRY(Query query, ask(tx, sql, arguments...));
  TRY(const std::int64_t rows, query.write_one());
  if (rows != 1) return internal_error("a statement did not write its one row");
  return {};
}

// The first row by `decode` (Query& -> Result<T>), or nothing.
template <class Decode>
auto find_row(Query query, Decode decode) {
  using Row = typename std::invoke_result_t<Decode, Query&>::value_type;
  using Found = Result<std::optional<Row>>;
  return [&]() -> Found {
    TRY(const bool found, query.next());
    if (!found) return std::optional<Row>();
    TRY(Row row, decode(query));
    return std::optional<Row>(std::move(row));
  }();
}

// All rows by `decode`; the SQL bounds them.
template <class Decode>
auto list_rows(Query query, Decode decode) {
  using Row = typename std::invoke_result_t<Decode, Query&>::value_type;
  using Found = Result<std::vector<Row>>;
  return [&]() -> Found {
    std::vector<Row> found;
    for (;;) {
      TRY(const bool more, query.next());
      if (!more) return found;
      TRY(Row row, decode(query));
      found.push_back(std::move(row));
    }
  }();
}

// Somebody else changed it first.
Error conflict(std::string message, std::string_view reason = {});

}  // namespace hallmark::store
