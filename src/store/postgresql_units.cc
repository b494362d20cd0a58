#include "store/postgresql_units.h"

#include <utility>

namespace hallmark::store {

void PostgresqlUnits::begin(Pace pace) {
  pace_ = pace;
  savepoint_ = Savepoint::none;
  unsettled_ = false;
}

Result<void> PostgresqlUnits::start() {
  savepoint_ = Savepoint::wanted;
  if (pace_ == Pace::presuming) return {};
  savepoint_ = Savepoint::set;
  return channel_.defer("SAVEPOINT unit");
}

Result<void> PostgresqlUnits::finish() {
  if (std::exchange(savepoint_, Savepoint::none) != Savepoint::set) return {};
  return channel_.defer("RELEASE unit");
}

Result<void> PostgresqlUnits::undo() {
  switch (std::exchange(savepoint_, Savepoint::none)) {
    case Savepoint::none: return conflict("The unit has no savepoint.");
    case Savepoint::wanted: return {};  // it has done nothing
    case Savepoint::set: break;
  }
  TRY(channel_.defer("ROLLBACK TO unit"));
  return channel_.defer("RELEASE unit");
}

Result<PostgresqlAnswer> PostgresqlUnits::run(const std::string& name,
                                              const PostgresqlValues& values) {
  if (savepoint_ == Savepoint::wanted) {
    TRY(channel_.defer("SAVEPOINT unit"));
    savepoint_ = Savepoint::set;
  }
  unsettled_ = false;
  return channel_.run(name, values);
}

Result<void> PostgresqlUnits::post(const std::string& name, const PostgresqlValues& values) {
  if (savepoint_ == Savepoint::wanted) savepoint_ = Savepoint::none;
  unsettled_ = true;
  return channel_.post(name, values);
}

Result<void> PostgresqlUnits::settle() {
  if (!std::exchange(unsettled_, false)) return {};
  return channel_.settle();
}

}  // namespace hallmark::store
