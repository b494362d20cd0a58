// Rows that requests ask for again and again, kept in memory while none of their kind changes.
// Private to the store.
//
// What was read is true as long as the number of its kind is what it was before the read began.
// Where this process alone writes, the writer raises it before a commit that changes such rows and
// again after it, and before anybody is told, so that who reads after a change was answered sees
// it; while it is odd nothing is kept or told from memory. Where others write too, the number is
// twice the count of the kind's changes in the database (store/change_counts.h), which the change's
// own transaction raises: it is asked for in each read, and always even.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <unordered_map>

#include "base/mutex.h"
#include "model/job.h"
#include "model/profile.h"
#include "store/certificate_revocation.h"
#include "store/driver.h"
#include "store/job_revocation.h"

namespace hallmark::store {

// What one function found, by texts that name it; beyond the bound all of it is forgotten.
template <class Found>
class KeptRows {
 public:
  using Pointer = std::shared_ptr<const Found>;

  KeptRows(RowKind kind, std::size_t entries_max) : kind_(kind), entries_max_(entries_max) {}

  RowKind kind() const { return kind_; }

  // Null: nothing is kept of this number.
  Pointer find(const std::string& name, std::uint64_t number) const {
    const MutexLock lock(mutex_);
    if (number != number_) return nullptr;
    const auto held = entries_.find(name);
    return held == entries_.end() ? nullptr : held->second;
  }

  void keep(const std::string& name, std::uint64_t number, Pointer found) {
    const MutexLock lock(mutex_);
    if (number < number_) return;  // somebody else has read what came after
    if (number > number_ || entries_.size() >= entries_max_) entries_.clear();
    number_ = number;
    entries_.insert_or_assign(name, std::move(found));
  }

 private:
  const RowKind kind_;
  const std::size_t entries_max_;
  mutable Mutex mutex_;
  std::unordered_map<std::string, Pointer> entries_ GUARDED_BY(mutex_);
  std::uint64_t number_ GUARDED_BY(mutex_) = 0;  // of all entries
};

// Whether nobody changes a row but those who say so.
template <class T>
bool is_settled(const T&) {
  return true;
}
inline bool is_settled(const model::Job& job) {
  return job.status != model::JobStatus::in_progress;
}

using RowKinds = std::array<bool, row_kinds>;
using RowNumbers = std::array<std::uint64_t, row_kinds>;

// Any thread; the numbers are raised by the writer alone.
class RowMemory {
 public:
  RowNumbers numbers() const {
    RowNumbers now = {};
    for (std::size_t kind = 0; kind < row_kinds; ++kind) now[kind] = numbers_[kind];
    return now;
  }

  // The commit of a change of rows of these kinds, from its begin to its end.
  class Change {
   public:
    Change(RowMemory* memory, RowKinds kinds) : memory_(memory), kinds_(kinds) { raise(); }
    ~Change() { raise(); }
    Change(const Change&) = delete;
    Change& operator=(const Change&) = delete;

   private:
    void raise() {
      if (memory_ == nullptr) return;
      for (std::size_t kind = 0; kind < row_kinds; ++kind) {
        if (kinds_[kind]) ++memory_->numbers_[kind];
      }
    }

    RowMemory* const memory_;  // may be null
    const RowKinds kinds_;
  };

  // A profile of many tags and permissions has 50 KB, most have one.
  KeptRows<model::Profile> profiles{RowKind::profile, 1'000};
  KeptRows<model::Job> ended_jobs{RowKind::ended_job, 2'000};  // 1 KB each
  KeptRows<SignatureState> signatures{RowKind::signature, 10'000};
  // Of those that are not revoked, too.
  KeptRows<std::optional<CertificateRevocation>> certificates{RowKind::signature, 10'000};

 private:
  std::array<std::atomic<std::uint64_t>, row_kinds> numbers_ = {};  // odd during a commit
};

// What a reader may be told from memory: `numbers` are those before its snapshot began.
struct Recollection {
  RowMemory& memory;
  RowNumbers numbers;
};

// What is kept under `name`, or what `find`, Result<std::optional<T>>(), finds, and is kept then.
// Nothing is not kept: what comes to be there is found at once.
template <class T, std::invocable F>
Result<std::optional<T>> recall(Reader& rows, KeptRows<T> RowMemory::*where,
                                const std::string& name, F find) {
  TRY(const Recollection* const known, rows.connection().recollection());
  if (known == nullptr) return find();
  KeptRows<T>& kept = known->memory.*where;
  const std::uint64_t number = known->numbers[std::size_t(kept.kind())];
  if (number % 2 != 0) return find();
  if (const auto held = kept.find(name, number)) return std::optional<T>(*held);
  Result<std::optional<T>> found = find();
  if (found && *found && is_settled(**found))
    kept.keep(name, number, std::make_shared<const T>(**found));
  return found;
}

}  // namespace hallmark::store
