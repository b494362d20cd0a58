#include "audit/reads.h"

#include <cstdint>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/log.h"
#include "base/mutex.h"

namespace hallmark::audit {

struct Reads::Waiting : std::enable_shared_from_this<Waiting> {
  Waiting(store::Store& to, model::Home place) : store(to), home(std::move(place)) {}

  bool take_turn(Timestamp time) {
    const MutexLock lock(mutex);
    if (unix_seconds(time) != second) {
      second = unix_seconds(time);
      in_second = 0;
    }
    const bool passes = in_second < reads_recorded_per_second && records.size() < reads_waiting_max;
    if (passes) {
      ++in_second;
    } else {
      pass_over(1);
    }
    return passes;
  }

  void pass_over(std::size_t count) REQUIRES_LOCK(mutex) {
    passed_over += count;
    not_recorded += count;
  }

  void add(store::AuditRecord record) {
    {
      const MutexLock lock(mutex);
      records.push_back(std::move(record));
      if (std::exchange(writing, true)) return;
    }
    write();
  }

  struct Taken {
    std::vector<store::AuditRecord> records;
    std::size_t counted = 0;  // in the last of them
  };

  // One unit at a time, with all that has come during the one before.
  void write() {
    Taken taken = take();
    const std::size_t counted = taken.counted;
    const std::size_t reads = taken.records.size() - (counted > 0 ? 1 : 0);
    store.write(
        store::Work([records = std::move(taken.records)](store::Transaction& tx) -> Result<void> {
          for (const store::AuditRecord& record : records) {
            TRY(store::append_audit(tx, record));
          }
          return {};
        }),
        store::Done([self = shared_from_this(), reads, counted](Result<void> outcome) {
          if (!outcome) {
            log::error("reads were not audited", {{"error", describe(outcome.error())}});
            const MutexLock lock(self->mutex);
            self->passed_over += counted;
            self->pass_over(reads);
          }
          if (self->goes_on()) self->write();
        }));
  }

  Taken take() {
    const MutexLock lock(mutex);
    Taken taken{std::exchange(records, {}), std::exchange(passed_over, 0)};
    if (taken.counted > 0) {
      taken.records.push_back(record_event("ReadsNotRecorded", from_unix_seconds(second), home,
                                           {{"count", fmt::format("{}", taken.counted)}}));
    }
    return taken;
  }

  bool goes_on() {
    const MutexLock lock(mutex);
    writing = !records.empty();
    return writing;
  }

  store::Store& store;
  const model::Home home;
  Mutex mutex;
  std::vector<store::AuditRecord> records GUARDED_BY(mutex);
  bool writing GUARDED_BY(mutex) = false;
  std::int64_t second GUARDED_BY(mutex) = 0;
  std::size_t in_second GUARDED_BY(mutex) = 0;
  std::size_t passed_over GUARDED_BY(mutex) = 0;     // since the last record that counts them
  std::uint64_t not_recorded GUARDED_BY(mutex) = 0;  // since the start
};

Reads::Reads(store::Store& store, model::Home home, Recording recording)
    : home_(home),
      recording_(recording),
      waiting_(std::make_shared<Waiting>(store, std::move(home))) {}

Reads::~Reads() = default;

std::uint64_t Reads::not_recorded() const {
  const MutexLock lock(waiting_->mutex);
  return waiting_->not_recorded;
}

bool Reads::may_record(Timestamp time) { return waiting_->take_turn(time); }

void Reads::add(store::AuditRecord record) { waiting_->add(std::move(record)); }

}  // namespace hallmark::audit
