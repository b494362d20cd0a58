#include "audit/reads.h"

#include <cstdint>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/guarded.h"
#include "base/log.h"
#include "base/mutex.h"

namespace hallmark::audit {

struct Reads::Waiting : std::enable_shared_from_this<Waiting> {
  Waiting(store::Store& to, model::Home place) : store(to), home(std::move(place)) {}

  bool take_turn(const access::Caller& caller, Space space) {
    const MutexLock lock(mutex);
    if (const auto now = unix_seconds(caller.request().time); now != second) {
      second = now;
      in_second = 0;
      in_second_of.clear();
    }
    std::size_t& own = in_second_of[caller.principal().account.text()];
    const bool is_own_share = own < account_reads_recorded_per_second;
    const bool is_first = in_second < reads_recorded_per_second;
    const std::size_t waiting_max = is_own_share ? shared_reads_waiting_max : reads_waiting_max;
    const bool passes =
        space == Space::enough && (is_own_share || is_first) && records.size() < waiting_max;
    if (!passes) {
      pass_over(1);
      return false;
    }
    ++own;
    ++in_second;
    return true;
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

  // What is on its way to the writer is written before this.
  void stop() {
    const Taken taken = take();
    if (taken.records.empty()) return;
    const auto written = store.write(
        store::Work([&taken](store::Transaction& tx) { return append_all(tx, taken.records); }));
    if (!written) log::error("reads were not audited", {{"error", describe(written.error())}});
  }

  struct Taken {
    std::vector<store::AuditRecord> records;
    std::size_t reads = 0;
    std::size_t counted = 0;  // in the last of the records
  };

  static Result<void> append_all(store::Transaction& tx,
                                 const std::vector<store::AuditRecord>& records) {
    for (const store::AuditRecord& record : records) TRY(store::append_audit(tx, record));
    return {};
  }

  // Whatever happens, the next read finds that nobody writes, or somebody who does.
  void write() {
    const auto begun = guarded([this] { write_taken(); });
    if (begun) return;
    log::error("reads were not audited", {{"error", describe(begun.error())}});
    const MutexLock lock(mutex);
    writing = false;
  }

  // One unit at a time, with all that has come during the one before.
  void write_taken() {
    Taken taken = take();
    const std::size_t reads = taken.reads;
    const std::size_t counted = taken.counted;
    store.write(store::Work([records = std::move(taken.records)](store::Transaction& tx) {
                  return append_all(tx, records);
                }),
                store::Done([self = shared_from_this(), reads, counted](Result<void> outcome) {
                  if (!outcome) self->note_failure(outcome.error(), reads, counted);
                  if (self->goes_on()) self->write();
                }));
  }

  void note_failure(const Error& error, std::size_t reads, std::size_t counted) {
    log::error("reads were not audited", {{"error", describe(error)}});
    const MutexLock lock(mutex);
    passed_over += counted;
    pass_over(reads);
  }

  // The count is a record behind them. Nothing is taken if that cannot be made.
  Taken take() {
    const MutexLock lock(mutex);
    Taken taken{.records = {}, .reads = records.size(), .counted = passed_over};
    if (passed_over > 0) {
      records.push_back(record_event("ReadsNotRecorded", from_unix_seconds(second), home,
                                     {{"count", fmt::format("{}", passed_over)}}));
    }
    passed_over = 0;
    taken.records.swap(records);
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
  std::unordered_map<std::string, std::size_t> in_second_of GUARDED_BY(mutex);  // by account
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

bool Reads::may_record(const access::Caller& caller, Space space) {
  return waiting_->take_turn(caller, space);
}

void Reads::stop() { waiting_->stop(); }

void Reads::add(store::AuditRecord record) { waiting_->add(std::move(record)); }

}  // namespace hallmark::audit
