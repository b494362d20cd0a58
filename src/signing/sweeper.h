// The sweeper: removes jobs that nobody may ask about any more, and answers that no request can get
// again. It walks over the jobs by their primary key in small steps, so that nobody waits for it,
// and rests between two rounds.
#pragma once

#include <condition_variable>
#include <mutex>
#include <optional>
#include <stop_token>
#include <thread>

#include "base/clock.h"
#include "base/result.h"
#include "model/arn.h"
#include "store/job_retention.h"
#include "store/store.h"

namespace hallmark::signing {

// Until when a job is kept: six months after its signature's expiry; of a signature without one,
// 20 months after it was made; of a failed job, six months after it is hidden from lists. Nothing:
// it is in progress.
std::optional<Timestamp> kept_until(const store::KeptJob& job);

// Owns its thread. What the constructor takes outlives it.
class Sweeper {
 public:
  Sweeper(store::Store& store, const Clock& clock, model::Home home);
  ~Sweeper();
  Sweeper(const Sweeper&) = delete;
  Sweeper& operator=(const Sweeper&) = delete;

  void start();
  // Soon: a step that is under way is finished. Once.
  void stop();

  // One step of a round, which examines at most limits::sweep_rows_examined_max rows; whether the
  // round goes on. Not while the thread runs.
  Result<bool> step();

 private:
  void run(const std::stop_token& stop);
  Result<bool> sweep_answers(Timestamp now);
  // The next stretch of jobs. Whether there may be more.
  Result<bool> sweep_jobs(Timestamp now);
  Result<void> remove(const model::AccountId& owner, std::span<const model::JobId> overdue);
  // To the next owner of jobs. Whether there is one.
  Result<bool> advance_owner();

  store::Store& store_;
  const Clock& clock_;
  const model::Home home_;
  std::optional<model::AccountId> owner_;  // whose jobs the round is at; nothing: before the first
  model::JobId after_;                     // the last job examined of this owner
  bool owner_done_ = true;
  std::mutex mutex_;  // guards nothing: the thread only waits with it
  std::condition_variable_any wake_;
  std::jthread thread_;
};

}  // namespace hallmark::signing
