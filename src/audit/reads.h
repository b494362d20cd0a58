// The records of reads, for which nobody waits: a few at a time, in a bounded number each second,
// of which each account has a share that others cannot use up.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

#include "audit/record.h"
#include "store/store.h"

namespace hallmark::audit {

// Beyond these, reads are answered and only counted: in a record ReadsNotRecorded of their own,
// which the next record that is written has with it, or stop().
inline constexpr std::size_t reads_recorded_per_second = 500;
// These of each account are recorded whatever others ask.
inline constexpr std::size_t account_reads_recorded_per_second = 20;
// For the records before them to be written: beyond it only those of accounts' shares, and beyond
// the second none.
inline constexpr std::size_t reads_waiting_max = 256;
inline constexpr std::size_t shared_reads_waiting_max = 4'096;

// A Call that says `static constexpr bool is_recorded = false;` leaves no record: it is asked too
// often, and tells what every verifier may know.
template <class C>
concept UnrecordedRead = !C::is_recorded;

enum class Recording { on, off };
enum class Space { enough, reserved };  // reserved: reads are counted, and leave no record

// Safe to call from any thread. The store outlives it. Grows with the accounts, which are bounded.
// What a read costs its caller is one short lock and, while the second's share lasts, its record:
// built and hashed there, since the writer, who serves everybody, is the worse place for it.
class Reads {
 public:
  Reads(store::Store& store, model::Home home, Recording recording);
  ~Reads();
  Reads(const Reads&) = delete;
  Reads& operator=(const Reads&) = delete;

  // Waits for nothing. What cannot be written is logged.
  template <access::Call C>
  void note(const access::Permitted<C>& permitted, Space space) {
    if constexpr (!UnrecordedRead<C>) {
      if (recording_ == Recording::off) return;
      if (may_record(permitted.caller(), space)) add(record_read(permitted, home_));
    }
  }

  // Records how many were not recorded, if any. The store must not be closed yet. For when nothing
  // is asked any more.
  void stop();

  std::uint64_t not_recorded() const;  // since the start

 private:
  struct Waiting;
  bool may_record(const access::Caller& caller, Space space);
  void add(store::AuditRecord record);

  const model::Home home_;
  const Recording recording_;
  const std::shared_ptr<Waiting> waiting_;  // the writer may be at it when this has gone
};

}  // namespace hallmark::audit
