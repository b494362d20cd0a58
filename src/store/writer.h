// The one writer: a thread that gathers what waits and commits it together (group commit).
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <optional>
#include <thread>
#include <vector>

#include "base/mutex.h"
#include "base/result.h"
#include "store/driver.h"
#include "store/store.h"

namespace hallmark::store {

// Owns the thread, borrows the connection: nobody else uses that one until close() has returned.
class Writer {
 public:
  Writer(Connection& connection, Chain chain);
  ~Writer();
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  // As Store's. Any thread.
  void write(Work work, Done done);
  Counters counters() const;
  void set_witness(Witness witness);  // as Store's
  // Finishes what is queued, refuses what comes then, joins the thread. Not from the thread itself.
  void close();

 private:
  struct Unit {
    Work work;
    Done done;
    std::chrono::steady_clock::time_point queued_at;
    Result<void> outcome;
  };

  Result<void> begin(Pace pace);
  void run();
  bool wait_for_unit();
  void run_group();
  Result<void> commit_group();
  Result<void> commit_group_again();
  Result<void> gather();
  std::optional<Unit> next_unit();
  void perform(Unit& unit);
  Result<void> perform_in_group(Unit& unit);
  Result<void> commit_kept();
  void run_alone(Unit& unit);
  bool try_alone(Unit& unit);
  void show_witness();
  void count(std::uint64_t units);
  void expect_company();
  void finish();

  Connection& connection_;
  Chain chain_;
  Chain::Head committed_;    // as it was when the transaction began; of the thread alone
  bool head_known_ = true;   // of the thread alone
  std::vector<Unit> group_;  // of the thread alone
  std::size_t company_ = 1;  // how many units the next group may expect; of the thread alone

  mutable Mutex mutex_;
  std::condition_variable_any changed_;
  std::deque<Unit> queue_ GUARDED_BY(mutex_);
  Witness witness_ GUARDED_BY(mutex_);
  bool closing_ GUARDED_BY(mutex_) = false;
  bool asleep_ GUARDED_BY(mutex_) = false;  // the thread waits for `changed_`
  std::atomic<std::uint64_t> units_ = 0;
  std::atomic<std::uint64_t> groups_ = 0;

  std::jthread thread_;  // last: it uses everything above
};

}  // namespace hallmark::store
