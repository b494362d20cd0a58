#include "events/deliverer.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/guarded.h"
#include "base/log.h"
#include "base/signals.h"
#include "events/job_status_change.h"
#include "store/jobs.h"
#include "store/outbox.h"

namespace hallmark::events {
namespace {

using namespace std::chrono_literals;

constexpr auto poll_interval = 500ms;  // how late an event may be noticed
constexpr int doublings_max = 16;

}  // namespace

void Deliverer::start() {
  thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
}

void Deliverer::stop() {
  thread_.request_stop();
  if (thread_.joinable()) thread_.join();
}

bool Deliverer::accepts() {
  if (!full_) return true;
  meters_.dropped.add();
  return false;
}

void Deliverer::run(const std::stop_token& stop) {
  block_broken_pipes();
  while (!stop.stop_requested()) {
    const auto found = guarded([this] { return deliver_one(); });
    if (!found) log::error("events cannot be delivered", {{"error", describe(found.error())}});
    if (found && *found) continue;
    std::unique_lock lock(mutex_);
    wake_.wait_for(lock, stop, poll_interval, [] { return false; });
  }
}

Result<bool> Deliverer::deliver_one() {
  TRY(const bool waits, look());
  if (!waits) return false;
  const auto claimed = parts_.store.write(
      [this](store::Transaction& tx) -> Result<std::optional<store::ClaimedEvent>> {
        TRY(const Timestamp now, store::lease_time(tx, parts_.clock));
        return store::claim_event(tx, target_->kind(), now, now + event_lease);
      });
  if (!claimed) return claimed.error();
  if (!*claimed) return false;
  const Result<store::JobEvent>& event = (*claimed)->event;
  if (event) {
    TRY(attempt(*event, (*claimed)->attempts));
  } else {
    note_unreadable(event.error());
  }
  return true;
}

// The claim has removed it.
void Deliverer::note_unreadable(const Error& error) {
  meters_.failed.add();
  meters_.dropped.add();
  log::error("an event that cannot be read is given up", {{"error", describe(error)}});
}

// Writes nothing, so that an idle service writes nothing.
Result<bool> Deliverer::look() {
  return parts_.store.read([this](store::Reader& reader) -> Result<bool> {
    TRY(const auto size, store::measure_outbox(reader, target_->kind(), outbox_rows_max));
    const bool is_full = size.rows >= outbox_rows_max;
    if (is_full && !full_.exchange(is_full)) log::error("the outbox is full: events are dropped");
    full_ = is_full;
    if (size.rows == 0) return false;
    TRY(const Timestamp now, store::lease_time(reader, parts_.clock));
    return store::event_waits(reader, target_->kind(), now);
  });
}

Result<void> Deliverer::attempt(const store::JobEvent& event, int attempts) {
  const auto job = parts_.store.read(
      [&](store::Reader& reader) { return store::find_job(reader, event.owner, event.job); });
  if (!job && job.error().kind == ErrorKind::corrupt) {  // no later attempt reads it
    meters_.failed.add();
    return give_up(event, job.error());
  }
  if (!job) return job.error();
  if (!*job) return give_up(event, not_found("its job is gone"));
  const std::string id = event.id.text();
  const auto delivered = guarded([&] {
    const std::string body = render_event(event, **job, parts_.home);
    return target_->deliver({id, body});
  });
  if (delivered) {
    meters_.delivered.add();
    return parts_.store.write(
        [&](store::Transaction& tx) { return store::remove_event(tx, event); });
  }
  meters_.failed.add();
  if (parts_.clock.now() - event.at > event_age_max) return give_up(event, delivered.error());
  log::warning("event not delivered", {{"event", id},
                                       {"job", event.job.text()},
                                       {"attempt", fmt::format("{}", attempts)},
                                       {"error", describe(delivered.error())}});
  return parts_.store.write([&](store::Transaction& tx) -> Result<void> {
    TRY(const Timestamp now, store::lease_time(tx, parts_.clock));
    return store::put_off_event(tx, event, now + delay_after(attempts));
  });
}

Result<void> Deliverer::give_up(const store::JobEvent& event, const Error& error) {
  meters_.dropped.add();
  log::error("event given up",
             {{"event", event.id.text()}, {"job", event.job.text()}, {"error", describe(error)}});
  return parts_.store.write([&](store::Transaction& tx) { return store::remove_event(tx, event); });
}

// Twice as long each time, of which half is left to chance, so that nodes do not come together.
Timestamp::duration Deliverer::delay_after(int attempts) {
  const int doublings = std::clamp(attempts - 1, 0, doublings_max);
  const auto whole =
      std::min<Timestamp::duration>(retry_delay_min * (1 << doublings), retry_delay_max);
  std::uint8_t chance = 0;
  parts_.random.fill({&chance, 1});
  return whole / 2 + whole * chance / 510;
}

}  // namespace hallmark::events
