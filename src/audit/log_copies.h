// The copies of the audit log: each sink has a thread that follows this node's chain in the store,
// by sequence number and at least once. The store is the truth; what a sink lacks is made good when
// it works again, also after a restart. A sink whose last record is not the store's of that number
// is another log's, or somebody has changed it, or the store was put back: that is said in the log,
// what is there is set aside, and a new copy begins where the store says that the old one was.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "audit/certificate_chains.h"
#include "audit/gate.h"
#include "audit/log_sink.h"
#include "store/audit.h"
#include "store/audit_checkpoints.h"
#include "store/store.h"

namespace hallmark::audit {

inline constexpr auto copy_poll = std::chrono::milliseconds(100);
inline constexpr std::size_t copy_records_per_write = 256;
// A sink that has failed for so long, or is at one write for so long, or is so far behind, closes
// the gate where it is required.
inline constexpr auto sink_failing_max = std::chrono::milliseconds(500);
inline constexpr auto sink_busy_max = std::chrono::seconds(5);
inline constexpr std::int64_t sink_lag_records_max = 10'000;
static_assert(stream_records_in_doubt < sink_lag_records_max);  // these lag after each connection
// How long a start waits for required copies to show whether they work.
inline constexpr auto copies_start_wait = std::chrono::seconds(3);
// How often the store is told how far a copy is.
inline constexpr auto cursor_interval = std::chrono::seconds(1);

// One sink. Owns its thread; the store outlives it.
class LogCopy {
 public:
  LogCopy(store::Store& store, std::unique_ptr<LogSink> sink);
  ~LogCopy() { stop(); }
  LogCopy(const LogCopy&) = delete;
  LogCopy& operator=(const LogCopy&) = delete;

  void start();
  // Copies what there is, if the sink takes it, and ends.
  void stop();

  std::string_view name() const { return sink_->name(); }
  std::int64_t lag() const { return lag_; }  // records
  std::uint64_t failures() const { return failures_; }
  // Whether it has been written to since the start, and can be at the moment.
  bool is_sound() const;
  // Until it has worked once, has failed, or has let the deadline pass.
  void wait_for_first_step(std::chrono::steady_clock::time_point deadline);

  // What there is at the moment, up to one write. Whether there may be more. Not while the thread
  // runs.
  Result<bool> step();

 private:
  using Steady = std::chrono::steady_clock;
  void run(const std::stop_token& stop);
  Result<std::size_t> copy_lines();
  Result<void> measure_lag();
  Result<void> open();
  Result<void> go_to(std::int64_t place);
  Result<std::optional<store::AuditRow>> find_record(std::int64_t place);
  Result<bool> is_in_store(const LastRecord& last);
  Result<void> begin_anew(const LastRecord& last);
  Result<std::vector<std::string>> take_lines();
  Result<void> take_checkpoints(std::int64_t up_to, std::vector<std::string>& lines);
  Result<void> keep_cursor();
  void note(const Result<bool>& outcome);
  void tell_first_step();

  store::Store& store_;
  const std::unique_ptr<LogSink> sink_;
  CertificateChains chains_;
  bool is_open_ = false;
  std::int64_t node_ = 0;
  std::int64_t arrived_ = 0;   // the place up to which the sink loses nothing any more
  store::AuditCursor cursor_;  // what the sink has
  store::AuditCursor ahead_;   // with the lines that are on their way
  store::AuditCursor kept_;    // as the store knows it
  store::Hash previous_ = {};  // the link of the record at cursor_
  store::Hash ahead_previous_ = {};
  Steady::time_point kept_at_ = {};
  std::atomic<std::int64_t> lag_ = 0;
  std::atomic<std::uint64_t> failures_ = 0;
  std::atomic<bool> has_worked_ = false;
  std::atomic<Steady::rep> failing_since_ = 0;  // 0: it does not fail
  std::atomic<Steady::rep> busy_since_ = 0;     // 0: it is at no step
  std::mutex mutex_;                            // guards nothing: the thread only waits with it
  std::condition_variable_any wake_;
  std::jthread thread_;
};

// All of an installation. Safe to call from any thread but for start and stop.
class LogCopies final : public Gate {
 public:
  enum class Need { wanted, required };
  LogCopies(store::Store& store, std::vector<std::unique_ptr<LogSink>> sinks, Need need);

  // Waits a moment for those that are required, and says in the log if one does not work yet.
  void start();
  void stop();

  // Whether every sink is sound, or none is required. Not before start().
  bool is_open() const override { return closing().empty(); }
  // The names of the sinks for which it is not open.
  std::vector<std::string_view> closing() const;
  const std::vector<std::unique_ptr<LogCopy>>& all() const { return copies_; }

 private:
  std::vector<std::unique_ptr<LogCopy>> copies_;
  const Need need_;
};

}  // namespace hallmark::audit
