#include "signing/worker.h"

#include <algorithm>

#include "base/guarded.h"
#include "base/limits.h"
#include "base/log.h"
#include "signing/job_run.h"

namespace hallmark::signing {
namespace {

// Whether another attempt could end differently.
bool is_final(ErrorKind kind) {
  return kind == ErrorKind::invalid || kind == ErrorKind::not_found || kind == ErrorKind::corrupt ||
         kind == ErrorKind::too_large || kind == ErrorKind::denied;
}

}  // namespace

Worker::~Worker() { stop(); }

void Worker::start(std::size_t threads) {
  for (std::size_t i = 0; i < threads; ++i) {
    threads_.emplace_back([this](const std::stop_token& stop) { run(stop); });
  }
}

void Worker::stop() {
  for (auto& thread : threads_) thread.request_stop();
  threads_.clear();  // joins
}

void Worker::job_waits() {
  {
    const std::lock_guard lock(mutex_);
    ++announced_;
  }
  wake_.notify_one();
}

std::string Worker::last_owner() {
  const std::lock_guard lock(mutex_);
  return last_owner_;
}

void Worker::set_turn(std::string owner) {
  const std::lock_guard lock(mutex_);
  last_owner_ = std::move(owner);
}

std::uint64_t Worker::announced() {
  const std::lock_guard lock(mutex_);
  return announced_;
}

void Worker::run(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    const std::uint64_t announced = this->announced();
    const auto found = guarded([&] { return take_one(stop); });
    if (!found)
      log::error("the worker could not look for jobs", {{"error", describe(found.error())}});
    if (found && *found) continue;
    // Also looks by itself now and then: for jobs that a crash left, or that wait for a retry.
    std::unique_lock lock(mutex_);
    looked_for_ = std::max(looked_for_, announced);
    wake_.wait_for(lock, stop, limits::job_poll_interval, [&] { return announced_ > looked_for_; });
  }
}

Result<bool> Worker::take_one(const std::stop_token& stop) {
  // Jobs wait; one that was claimed before waits by itself (JobRun::check_signing).
  if (services_.signing_gate != nullptr && !services_.signing_gate->check_signing()) return false;
  if (services_.gate != nullptr && !services_.gate->is_open()) return false;
  // An idle worker writes nothing.
  TRY(const bool waits, services_.store.read([this](store::Reader& reader) -> Result<bool> {
    TRY(const Timestamp now, store::lease_time(reader, services_.clock));
    return store::job_waits(reader, now);
  }));
  if (!waits) return false;
  using Claimed = std::optional<store::ClaimedJob>;
  const std::string after = last_owner();
  TRY(const auto claimed, services_.store.write([&](store::Transaction& tx) -> Result<Claimed> {
    TRY(const Timestamp now, store::lease_time(tx, services_.clock));
    return store::claim_job(tx, {now, now + services_.lease, after});
  }));
  if (!claimed) return false;
  set_turn(claimed->job.owner.text());
  work_on(*claimed, stop);
  return true;
}

void Worker::work_on(const store::ClaimedJob& claimed, const std::stop_token& stop) {
  const JobServices services{services_.store,
                             services_.objects,
                             services_.authority,
                             services_.certificates,
                             services_.clock,
                             services_.home,
                             stop,
                             services_.lease,
                             services_.events_of_end,
                             services_.gate,
                             services_.signing_gate};
  JobRun run(services, claimed);
  const std::string id = claimed.job.id.text();
  const bool tired = claimed.work.attempts > limits::job_attempts_max;  // it took the process down
  const Result<void> outcome = tired ? Result<void>(internal_error("no attempt ended by itself"))
                                     : guarded([&] { return run.attempt(); });
  if (outcome) return log::info("job succeeded", {{"job", id}});

  const Error& error = outcome.error();
  Result<void> ended;
  if (error.kind == ErrorKind::conflict) {
    return log::warning("job lost to another worker", {{"job", id}});
  }
  if (is_final(error.kind)) {
    log::info("job failed", {{"job", id}, {"reason", describe(error)}});
    ended = run.fail(error.message);
  } else if (stop.stop_requested()) {
    log::info("job given back", {{"job", id}, {"reason", describe(error)}});
    ended = run.give_back();
  } else if (error.kind == ErrorKind::unavailable) {
    log::warning("job postponed", {{"job", id}, {"reason", describe(error)}});
    ended = run.postpone();
  } else if (claimed.work.attempts >= limits::job_attempts_max) {
    log::error("job failed after its last attempt", {{"job", id}, {"error", describe(error)}});
    ended = run.fail("The signing job could not be completed because of an internal error.");
  } else {
    log::warning("job will be tried again", {{"job", id}, {"error", describe(error)}});
    ended = run.release();
  }
  // What could not be written now stays claimed; its lease ends, and the job is taken up again.
  if (!ended)
    log::error("job could not be ended", {{"job", id}, {"error", describe(ended.error())}});
}

}  // namespace hallmark::signing
