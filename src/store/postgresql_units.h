// What a PostgreSQL session sends for the units of a group, and what it waits for. Only the
// postgresql*.cc files include this.
//
// In a transaction that presumes (Pace), statements that write one row as a rule are posted: they
// go to the server with the next statement whose answer somebody needs, or before the COMMIT, so
// that a group of units that need none costs one round trip and the COMMIT another. When one of
// them fails or writes another number of rows, the whole transaction is taken back, a conflict:
// which unit it was is found by running them again, looking. A unit has a savepoint when it begins
// with a statement that is waited for, and none when it begins with one that is posted: then it
// cannot be undone alone, which is an error of undo() and takes the transaction back, too. In a
// transaction that looks nothing is posted and every unit has its savepoint.
#pragma once

#include <string>

#include "base/result.h"
#include "store/driver.h"
#include "store/postgresql_channel.h"

namespace hallmark::store {

// Borrows the channel. Used by one thread at a time.
class PostgresqlUnits {
 public:
  explicit PostgresqlUnits(PostgresqlChannel& channel) : channel_(channel) {}

  // A transaction of this pace has begun, or is given up.
  void begin(Pace pace);

  Result<void> start();  // a unit
  Result<void> finish();
  Result<void> undo();

  bool may_post() const { return pace_ == Pace::presuming; }
  // A prepared statement that is waited for, as PostgresqlChannel::run.
  Result<PostgresqlAnswer> run(const std::string& name, const PostgresqlValues& values);
  // One that must write one row; only where may_post().
  Result<void> post(const std::string& name, const PostgresqlValues& values);

  // That all that was posted is done and wrote its rows. Before the COMMIT.
  Result<void> settle();

 private:
  enum class Savepoint {
    none,    // outside of a unit, or it began with a statement that was posted
    wanted,  // before the first statement that is waited for
    set,
  };

  PostgresqlChannel& channel_;
  Pace pace_ = Pace::looking;
  Savepoint savepoint_ = Savepoint::none;
  bool unsettled_ = false;  // something was posted that is not known to have been done
};

}  // namespace hallmark::store
