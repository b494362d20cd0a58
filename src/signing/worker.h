// The worker: takes accepted jobs to their end. A job is claimed under a lease and a fence, signed
// once (block and output hash are committed before anything is uploaded), uploaded with identical
// bytes on every attempt, and then completed. A crash anywhere ends, after restart, in Succeeded or
// Failed, with the object present exactly when Succeeded.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "formats/format.h"
#include "objects/objects.h"
#include "signing/job_run.h"
#include "signing/jobs.h"
#include "signing/signing_gate.h"
#include "store/jobs.h"
#include "store/store.h"

namespace hallmark::signing {

// Owns its threads. What the constructor takes outlives it.
class Worker final : public JobListener {
 public:
  explicit Worker(const JobServices& services) : services_(services) {}
  ~Worker() override;
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  void start(std::size_t threads);
  // Soon: a job that is being worked on is given back, and taken up at the next start. Once.
  void stop();

  void job_waits() override;

 private:
  void run(const std::stop_token& stop);
  // Whether a job was found.
  Result<bool> take_one(const std::stop_token& stop);
  std::uint64_t announced();
  std::string last_owner();
  void set_turn(std::string owner);
  void work_on(const store::ClaimedJob& claimed, const std::stop_token& stop);

  const JobServices services_;
  std::mutex mutex_;  // guards what follows, but the threads
  std::condition_variable_any wake_;
  std::uint64_t announced_ = 0;   // jobs, so far
  std::uint64_t looked_for_ = 0;  // so many had been announced when somebody last found none
  std::string last_owner_;        // whose job was claimed last: the next one's turn is next
  std::vector<std::jthread> threads_;
};

}  // namespace hallmark::signing
