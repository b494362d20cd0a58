#include "server/signing_watch.h"

#include <cerrno>
#include <chrono>

#include <sys/statvfs.h>

#include "base/guarded.h"
#include "base/log.h"

namespace hallmark::server {
namespace {

using Closed = signing::SigningGate::Closed;

constexpr auto look_interval = std::chrono::seconds(1);

}  // namespace

Result<std::uint64_t> find_free_bytes(const std::filesystem::path& path) {
  struct statvfs status = {};
  if (::statvfs(path.c_str(), &status) != 0) return system_error("statvfs", errno);
  return std::uint64_t(status.f_bavail) * std::uint64_t(status.f_frsize);
}

SigningWatch::~SigningWatch() { stop(); }

void SigningWatch::look() {
  look_at_heads();
  look_at_disk();
}

// What cannot be seen at the moment stays as it was: a store that does not answer signs nothing.
void SigningWatch::look_at_heads() {
  if (auto looked = heads_.look(); !looked) {
    log::warning("the store's head could not be looked at", {{"error", describe(looked.error())}});
  }
  if (heads_.standstill()) {
    gate_.close(Closed::history);
  } else {
    gate_.open(Closed::history);
  }
}

void SigningWatch::look_at_disk() {
  const auto free = free_bytes_();
  if (!free) return;
  if (!is_short_ && *free < free_bytes_min) {
    is_short_ = true;
    gate_.close(Closed::space);
    log::error("the disk is almost full: nothing is signed until there is space again",
               {{"free_bytes", std::to_string(*free)}});
  } else if (is_short_ && *free >= free_bytes_enough) {
    is_short_ = false;
    gate_.open(Closed::space);
    log::info("there is space again; signing goes on", {{"free_bytes", std::to_string(*free)}});
  }
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
