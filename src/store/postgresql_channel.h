// A conversation with a PostgreSQL server through libpq: in pipeline mode, so that what needs no
// answer of its own travels with what does, and with a deadline on every wait. Only the
// postgresql*.cc files include this.
#pragma once

#include <libpq-fe.h>

#include <chrono>
#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "store/driver.h"
#include "store/postgresql_url.h"

namespace hallmark::store {

template <auto f>
struct ClosesPostgresql {
  void operator()(auto* p) const noexcept { f(p); }
};
using PostgresqlSession = std::unique_ptr<PGconn, ClosesPostgresql<PQfinish>>;
using PostgresqlAnswer = std::unique_ptr<PGresult, ClosesPostgresql<PQclear>>;

// Values of $1, $2, … in libpq's shape: all in binary form.
class PostgresqlValues {
 public:
  explicit PostgresqlValues(std::size_t count) : held_(count), present_(count, 0) {}

  std::size_t count() const { return held_.size(); }
  void set(int parameter, std::string bytes) {
    held_.at(std::size_t(parameter - 1)) = std::move(bytes);
    present_.at(std::size_t(parameter - 1)) = 1;
  }
  void set_integer(int parameter, std::int64_t value);
  void set_null(int parameter) { present_.at(std::size_t(parameter - 1)) = 0; }
  void clear() { std::ranges::fill(present_, char(0)); }

  struct View {
    std::vector<const char*> values;
    std::vector<int> lengths;
    std::vector<int> formats;
  };
  View view() const;  // borrows from this

 private:
  std::vector<std::string> held_;
  std::vector<char> present_;
};

// Used by one thread at a time. Errors: unavailable when the server cannot be reached or the
// session is lost (then is_alive() is false), else by the SQLSTATE.
class PostgresqlChannel {
 public:
  // Unavailable: it did not answer in time.
  static Result<std::unique_ptr<PostgresqlChannel>> open(const PostgresqlUrl& url);
  explicit PostgresqlChannel(PostgresqlSession session) : session_(std::move(session)) {}

  // What an answer must be beyond having no error.
  enum class Wanted {
    nothing,
    own_row,       // one is written: else the node has been replaced
    presumed_row,  // one is written: else, and when it fails, the transaction is taken back
    committed,     // not rolled back instead
  };

  // Queues a statement without parameters, to be sent with what follows; its result counts then.
  Result<void> defer(const char* sql, Wanted wanted = Wanted::nothing);
  Result<void> defer(const char* sql, const PostgresqlValues& values, Wanted wanted);
  // The same for preparing one; `*prepared` is set once that has succeeded, and outlives this.
  Result<void> defer_prepare(const std::string& name, const std::string& sql, bool* prepared);
  // Runs a prepared statement after all that was deferred; the first error of all counts.
  Result<PostgresqlAnswer> run(const std::string& name, const PostgresqlValues& values);
  // The same without sending it: a presumed_row, which counts with what is waited for next.
  Result<void> post(const std::string& name, const PostgresqlValues& values);
  // Waits for all that was deferred.
  Result<void> settle();
  // Sends it without waiting.
  Result<void> send();
  // Several statements at once, outside the pipeline. Nothing may be deferred.
  Result<void> run_script(const std::string& script);

  bool is_alive() const { return session_ != nullptr; }
  // Hears what the server says to all that was sent, and by itself: that it goes away.
  void listen();
  // The whole transaction is to be run again: the engine wants that (SQLSTATE class 40), or a row
  // was presumed that is not there.
  bool must_roll_back() const { return must_roll_back_; }
  void rolled_back() { must_roll_back_ = false; }

 private:
  using Deadline = std::chrono::steady_clock::time_point;
  struct Expected {
    enum class Kind { control, prepare, rows, end } kind;
    Wanted wanted = Wanted::nothing;
    bool* prepared = nullptr;
  };

  Result<void> send_prepared(const std::string& name, const PostgresqlValues& values,
                             Expected expected);
  Result<void> queued(int sent, Expected expected);
  Result<void> end_of_batch();
  // Reads all that is expected: the rows of the last statement, or the first error.
  Result<PostgresqlAnswer> collect();
  Result<void> judge(const Expected& expected, PostgresqlAnswer& answer, PostgresqlAnswer& rows);
  Result<void> judge_presumed(PGresult* answer);
  Result<PostgresqlAnswer> next_answer(Deadline deadline);
  Result<void> wait_for_answer(Deadline deadline);
  Error error_of(const PGresult* answer);
  Error lost(std::string_view what);

  PostgresqlSession session_;
  std::deque<Expected> expected_;
  bool must_roll_back_ = false;
};

}  // namespace hallmark::store
