#include "signing/sweeper.h"

#include <utility>
#include <vector>

#include <fmt/format.h>

#include "audit/record.h"
#include "base/guarded.h"
#include "base/limits.h"
#include "base/log.h"
#include "store/answered_requests.h"
#include "store/jobs.h"

namespace hallmark::signing {
namespace {

// AWS's "Data retention" page: six months after the signature's expiry; IoT jobs, whose signatures
// have none, 20 months.
constexpr int kept_months_after_expiry = 6;
constexpr int kept_months_without_expiry = 20;
constexpr int kept_months_of_failed = 24 + 6;

}  // namespace

std::optional<Timestamp> kept_until(const store::KeptJob& job) {
  switch (job.status) {
    case model::JobStatus::in_progress: return std::nullopt;
    case model::JobStatus::failed:
      if (!job.completed_at) return std::nullopt;
      return plus_months(*job.completed_at, kept_months_of_failed);
    case model::JobStatus::succeeded:
      if (job.signature_expires_at) {
        return plus_months(*job.signature_expires_at, kept_months_after_expiry);
      }
      if (!job.completed_at) return std::nullopt;
      return plus_months(*job.completed_at, kept_months_without_expiry);
  }
  return std::nullopt;
}

Sweeper::Sweeper(store::Store& store, const Clock& clock, model::Home home)
    : store_(store), clock_(clock), home_(std::move(home)) {}

Sweeper::~Sweeper() { stop(); }

void Sweeper::start() {
  thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
}

void Sweeper::stop() {
  thread_.request_stop();
  if (thread_.joinable()) thread_.join();
}

void Sweeper::run(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    const auto more = guarded([&] { return step(); });
    if (!more) log::error("the sweeper failed", {{"error", describe(more.error())}});
    const bool goes_on = more && *more;  // a failed round is resumed after the rest
    std::unique_lock lock(mutex_);
    wake_.wait_for(lock, stop, goes_on ? limits::sweep_interval : limits::sweep_rest,
                   [] { return false; });
  }
}

Result<bool> Sweeper::step() {
  const Timestamp now = clock_.now();
  TRY(const bool answers_left, sweep_answers(now));
  TRY(const bool jobs_left, sweep_jobs(now));
  return answers_left || jobs_left;
}

Result<bool> Sweeper::sweep_answers(Timestamp now) {
  const Timestamp before = now - limits::answered_request_kept;
  TRY(const bool waiting,
      store_.read([&](store::Reader& rows) { return store::old_answers_wait(rows, before); }));
  if (!waiting) return false;  // a store at rest is not written to
  TRY(const std::size_t removed, store_.write([before](store::Transaction& tx) {
    return store::remove_answered_requests(tx, before, limits::sweep_rows_examined_max);
  }));
  return removed == limits::sweep_rows_examined_max;
}

Result<bool> Sweeper::sweep_jobs(Timestamp now) {
  // No signature expires before it is made, so what is younger than this is kept in any case.
  const model::JobId young = store::first_id_of(plus_months(now, -kept_months_after_expiry));
  for (std::size_t examined = 0; examined < limits::sweep_rows_examined_max;) {
    if (owner_done_) {
      TRY(const bool another, advance_owner());
      if (!another) return false;
    }
    const std::size_t count = limits::sweep_rows_examined_max - examined;
    TRY(const auto jobs, store_.read([&](store::Reader& rows) {
      return store::list_kept_jobs(rows, *owner_, {after_, young}, count);
    }));
    std::vector<model::JobId> overdue;
    for (const store::KeptJob& job : jobs) {
      const auto until = kept_until(job);
      if (until && *until <= now) overdue.push_back(job.id);
    }
    TRY(remove(*owner_, overdue));
    owner_done_ = jobs.size() < count;
    if (!jobs.empty()) after_ = jobs.back().id;
    examined += jobs.size() + 1;  // looking for an owner counts too
  }
  return true;
}

Result<void> Sweeper::remove(const model::AccountId& owner, std::span<const model::JobId> overdue) {
  if (overdue.empty()) return {};
  const auto record =
      audit::record_event("RemoveSigningJobs", clock_.now(), home_,
                          {{"jobOwner", owner.text()},
                           {"count", fmt::format("{}", overdue.size())},
                           {"firstJobArn", model::job_arn(home_, owner, overdue.front())},
                           {"lastJobArn", model::job_arn(home_, owner, overdue.back())}});
  return store_.write(store::Work([&](store::Transaction& tx) -> Result<void> {
    TRY(store::remove_jobs(tx, owner, overdue));
    return store::append_audit(tx, record);
  }));
}

Result<bool> Sweeper::advance_owner() {
  TRY(owner_,
      store_.read([&](store::Reader& rows) { return store::find_next_owner(rows, owner_); }));
  after_ = {};
  owner_done_ = !owner_;
  return owner_.has_value();
}

}  // namespace hallmark::signing
