#include "store/writer.h"

#include <algorithm>
#include <cstdlib>
#include <utility>

#include "base/guarded.h"
#include "base/limits.h"
#include "base/log.h"
#include "store/audit.h"
#include "store/audit_chain.h"

namespace hallmark::store {
namespace {

constexpr int attempts_alone_max = 5;  // of a unit that the engine takes back

}  // namespace

Writer::Writer(Connection& connection, Chain chain)
    : connection_(connection),
      chain_(std::move(chain)),
      committed_(chain_.head),
      thread_([this] { run(); }) {}

Writer::~Writer() { close(); }

void Writer::write(Work work, Done done) {
  {
    MutexLock lock(mutex_);
    if (!closing_ && queue_.size() < limits::write_queue_units_max) {
      queue_.push_back({.work = std::move(work),
                        .done = std::move(done),
                        .queued_at = std::chrono::steady_clock::now(),
                        .outcome = {}});
      if (asleep_) changed_.notify_one();
      return;
    }
  }
  done(unavailable("the store's queue is full or closed"));
}

Counters Writer::counters() const {
  MutexLock lock(mutex_);
  return {.units = units_, .groups = groups_, .waiting = queue_.size()};
}

void Writer::set_witness(Witness witness) {
  const MutexLock lock(mutex_);
  witness_ = std::move(witness);
}

void Writer::close() {
  {
    MutexLock lock(mutex_);
    closing_ = true;
    changed_.notify_one();
  }
  if (thread_.joinable()) thread_.join();
}

void Writer::run() {
  while (wait_for_unit()) {
    if (auto ran = guarded([this] { run_group(); }); !ran) {
      // Memory ran out between the units: what became of them cannot be told to those who wait.
      log::error("the writer failed; stopping", {{"error", describe(ran.error())}});
      std::abort();
    }
  }
}

// False when the store is closed and nothing is left.
bool Writer::wait_for_unit() {
  MutexLock lock(mutex_);
  asleep_ = true;
  while (queue_.empty() && !closing_) changed_.wait(mutex_);
  asleep_ = false;
  return !queue_.empty();
}

void Writer::run_group() {
  const auto is_taken_back = [](const Result<void>& fate) {
    return !fate && fate.error().kind == ErrorKind::conflict;
  };
  Result<void> fate = commit_group();
  if (is_taken_back(fate)) fate = commit_group_again();
  if (!fate) {
    chain_.head = committed_;
    for (Unit& unit : group_) {
      if (is_taken_back(fate)) {
        run_alone(unit);
      } else {
        unit.outcome = fate;
      }
    }
  }
  show_witness();
  expect_company();
  finish();
  connection_.tidy();
}

// Begins a transaction that knows the end of the chain.
Result<void> Writer::begin(Pace pace) {
  TRY(const auto begun, connection_.begin_write(pace));
  if (begun == Connection::Begun::anew) head_known_ = false;
  if (!head_known_) {
    Reader rows(connection_);
    auto head = find_chain_head(rows, chain_.node);
    if (!head) {
      connection_.rollback();
      return std::move(head.error());
    }
    chain_.head = *head;
    head_known_ = true;
  }
  committed_ = chain_.head;
  return {};
}

// An error: nothing of the group has happened; a conflict: its units may be run again.
Result<void> Writer::commit_group() {
  if (auto begun = begin(Pace::presuming); !begun) {
    group_.push_back(std::move(*next_unit()));  // one must be told, so that the loop ends
    return begun;
  }
  TRY(gather());
  return commit_kept();
}

// The same units as one group again, and who has come meanwhile; each answers for itself: one that
// failed after it wrote, whose presumption does not hold, or that another node is in the way of,
// costs the others no commit of their own.
Result<void> Writer::commit_group_again() {
  chain_.head = committed_;
  TRY(begin(Pace::looking));
  for (Unit& unit : group_) TRY(perform_in_group(unit));
  TRY(gather());
  return commit_kept();
}

Result<void> Writer::gather() {
  while (auto unit = next_unit()) {
    group_.push_back(std::move(*unit));
    TRY(perform_in_group(group_.back()));
  }
  return {};
}

Result<void> Writer::perform_in_group(Unit& unit) {
  perform(unit);
  // The engine may roll everything back for the sake of one unit (a full disk, say).
  if (!connection_.in_transaction()) return conflict("The group was rolled back.");
  return {};
}

Result<void> Writer::commit_kept() {
  const auto kept = std::ranges::count_if(group_, &Result<void>::has_value, &Unit::outcome);
  if (kept == 0) {
    connection_.rollback();
    return {};
  }
  TRY(connection_.commit());
  count(std::uint64_t(kept));
  return {};
}

// The next unit of the group, waiting for company if some is to be expected; nothing when the group
// is to be committed.
std::optional<Writer::Unit> Writer::next_unit() {
  if (group_.size() == limits::group_commit_units_max) return std::nullopt;
  MutexLock lock(mutex_);
  if (!group_.empty()) {
    const auto deadline = group_.front().queued_at + limits::group_commit_linger;
    asleep_ = true;
    while (queue_.empty() && !closing_ && group_.size() < company_) {
      if (changed_.wait_until(mutex_, deadline) == std::cv_status::timeout) break;
    }
    asleep_ = false;
  }
  if (queue_.empty()) return std::nullopt;
  Unit unit = std::move(queue_.front());
  queue_.pop_front();
  return unit;
}

// Runs the unit, and undoes it when it fails: alone where the engine can, else with its group.
void Writer::perform(Unit& unit) {
  const Chain::Head before = chain_.head;
  unit.outcome = guarded([&]() -> Result<void> {
    TRY(connection_.savepoint());
    Transaction tx(connection_, chain_);
    TRY(unit.work(tx));
    return connection_.release_savepoint();
  });
  if (unit.outcome) return;
  chain_.head = before;
  if (!connection_.in_transaction()) return;
  // What cannot be undone alone is undone with its group.
  if (!connection_.rollback_to_savepoint()) connection_.rollback();
}

// Several times when the engine wants that: others may be in the way.
void Writer::run_alone(Unit& unit) {
  for (int attempt = 1; try_alone(unit); ++attempt) {
    if (attempt < attempts_alone_max) continue;
    unit.outcome = unavailable("the store took a write back too often");
    return;
  }
}

// Whether the unit is to be run again: it was taken back for no fault of its own.
bool Writer::try_alone(Unit& unit) {
  unit.outcome = begin(Pace::looking);
  if (!unit.outcome) return false;
  perform(unit);
  bool again = !connection_.in_transaction();
  if (!again && unit.outcome) {
    unit.outcome = connection_.commit();
    if (unit.outcome) {
      count(1);
      return false;
    }
    again = unit.outcome.error().kind == ErrorKind::conflict;
  }
  connection_.rollback();
  chain_.head = committed_;
  return again;
}

void Writer::count(std::uint64_t units) {
  units_ += units;
  ++groups_;
}

// Whoever was in this group or queued up behind it is at work now and likely to come again: so many
// units the next group waits for. One that writes alone, one after the other, never waits.
void Writer::expect_company() {
  MutexLock lock(mutex_);
  company_ = std::min(group_.size() + queue_.size(), limits::group_commit_units_max);
}

// Whoever is told of a revocation can rely on it that a store without it would be noticed.
void Writer::show_witness() {
  if (!std::exchange(chain_.is_for_witness, false)) return;
  Witness witness;
  {
    const MutexLock lock(mutex_);
    witness = witness_;
  }
  if (!witness) return;
  const Head head{.place = audit_place(chain_.node, chain_.head.sequence),
                  .link = chain_.head.link};
  if (auto shown = guarded([&] { witness(head); }); !shown) {
    log::error("the store's witness threw", {{"error", describe(shown.error())}});
  }
}

// Tells everyone, in the order of the units, and without any lock.
void Writer::finish() {
  for (Unit& unit : group_) {
    if (auto told = guarded([&] { unit.done(std::move(unit.outcome)); }); !told) {
      log::error("a completion threw", {{"error", describe(told.error())}});
    }
  }
  group_.clear();
}

}  // namespace hallmark::store
