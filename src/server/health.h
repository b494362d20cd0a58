// Health: whether this process can do its work at the moment, and if not, why. What readiness
// depends on is a list of checks, each of which fails with the reason; server/service.cc has it.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/work_pool.h"

namespace hallmark::server {

// Why the service is not ready.
struct Cause {
  std::string name;  // one word, which operators know from docs/operations.md
  std::string reason;
  bool operator==(const Cause&) const = default;
};

struct Check {
  std::string_view name;              // its cause's
  std::function<Result<void>()> run;  // may wait; the error says why the service is not ready
};

// Safe to call from any thread. The checks run one after the other on a thread of their own, only
// when somebody asks, and at most twice a second.
class Health {
 public:
  explicit Health(std::vector<Check> checks) : checks_(std::move(checks)) {}

  enum class Phase { starting, serving, draining };
  void enter(Phase phase);

  // None: ready. Waits for the checks for at most two seconds: the check that has not answered by
  // then is the cause.
  std::vector<Cause> causes();
  // The checks run no more. Once.
  void stop() { thread_.stop(); }

 private:
  using Time = std::chrono::steady_clock::time_point;
  void run_checks();
  std::vector<Cause> find_causes();

  const std::vector<Check> checks_;
  std::mutex mutex_;  // guards what follows but the thread
  std::condition_variable changed_;
  Phase phase_ = Phase::starting;
  std::string_view running_;  // the check that runs; empty: none
  Time began_;                // that check
  Time finished_;             // all of them, the last time
  std::vector<Cause> found_;  // then
  WorkPool thread_{1, 1};
};

}  // namespace hallmark::server
