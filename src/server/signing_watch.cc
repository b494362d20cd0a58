#include "server/signing_watch.h"

#include <utility>

#include "base/guarded.h"
#include "base/log.h"
#include "server/health_checks.h"
#include "store/head.h"
#include "store/seen_time.h"

namespace hallmark::server {
namespace {

using Closed = signing::SigningGate::Closed;

constexpr auto look_interval = std::chrono::seconds(1);

}  // namespace

SigningWatch::SigningWatch(Installation& installation, signing::SigningGate& gate)
    : SigningWatch({installation.heads(), installation.store(), installation.clock(), gate,
                    [folder = installation.directory().path] { return find_free_bytes(folder); }}) {
}

SigningWatch::~SigningWatch() { stop(); }

void SigningWatch::look() {
  look_at_heads();
  look_at_disk();
  look_at_clock();
}

// What cannot be seen at the moment stays as it was: a store that does not answer signs nothing.
void SigningWatch::look_at_heads() {
  if (auto looked = parts_.heads.look(); !looked) {
    log::warning("the store's head could not be looked at", {{"error", describe(looked.error())}});
  }
  if (parts_.heads.standstill()) {
    parts_.gate.close(Closed::history);
  } else {
    parts_.gate.open(Closed::history);
  }
}

void SigningWatch::look_at_disk() {
  const auto free = parts_.free_bytes();
  if (!free) return;
  if (!is_short_ && *free < free_bytes_min) {
    is_short_ = true;
    parts_.gate.close(Closed::space);
    log::error("the disk is almost full: nothing is signed or added until there is space again",
               {{"free_bytes", std::to_string(*free)}});
  } else if (is_short_ && *free >= free_bytes_enough) {
    is_short_ = false;
    parts_.gate.open(Closed::space);
    log::info("there is space again; signing goes on", {{"free_bytes", std::to_string(*free)}});
  }
}

// What cannot be seen at the moment stays as it was, here too.
void SigningWatch::look_at_clock() {
  const auto fault = find_clock_fault(parts_.store, parts_.clock);
  if (!fault) return;
  const bool was_wrong = std::exchange(is_clock_wrong_, fault->has_value());
  if (*fault) {
    parts_.gate.close(Closed::clock);
    if (!was_wrong) {
      log::error("nothing is signed or changed until the clock is right, or `--accept-clock`",
                 {{"reason", **fault}});
    }
    return;
  }
  parts_.gate.open(Closed::clock);
  if (was_wrong) log::info("the clock is right again; signing goes on");
  if (auto kept = keep_time(); !kept) {
    log::warning("the time is not kept", {{"error", describe(kept.error())}});
  }
}

// That of the last record, within the interval: the clock must not be before it from now on.
Result<void> SigningWatch::keep_time() {
  const Timestamp now = parts_.clock.now();
  if (now - time_kept_ < seen_time_interval) return {};
  TRY(const auto head, parts_.store.read([this](store::Reader& rows) {
    return store::find_head(rows, parts_.store.node_number());
  }));
  if (head.place == record_kept_) return {};
  TRY(parts_.store.write([now](store::Transaction& tx) { return store::see_time(tx, now); }));
  record_kept_ = head.place;
  time_kept_ = now;
  return {};
}

void SigningWatch::start() {
  thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
}

void SigningWatch::stop() {
  thread_.request_stop();
  if (thread_.joinable()) thread_.join();
}

void SigningWatch::run(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    if (auto looked = guarded([this] { look(); }); !looked) {
      log::error("the watch failed", {{"error", describe(looked.error())}});
    }
    std::unique_lock lock(mutex_);
    wake_.wait_for(lock, stop, look_interval, [] { return false; });
  }
}

}  // namespace hallmark::server
