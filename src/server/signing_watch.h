// Watches, while the service runs, what would make it stop signing: a store that is not as far as
// it was (head_keeper.h); a disk that is almost full, whose rest is for revocations; and a clock
// that was set back (health_checks.h), by which no change is made either.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <mutex>
#include <stop_token>
#include <thread>

#include "base/free_space.h"
#include "base/result.h"
#include "server/head_keeper.h"
#include "server/installation.h"
#include "signing/signing_gate.h"

namespace hallmark::server {

// Below free_bytes_min nothing is signed or added any more, above this it is again.
inline constexpr std::uint64_t free_bytes_enough = free_bytes_min + (std::uint64_t(4) << 20);

// So often, at most, the time of what was recorded since is kept in the store: less than the clock
// may be wrong by. A service that records nothing keeps nothing.
inline constexpr auto seen_time_interval = std::chrono::seconds(10);

// Owns its thread. What the constructors take outlives it.
class SigningWatch {
 public:
  using FreeBytes = std::function<Result<std::uint64_t>()>;
  struct Parts {
    HeadKeeper& heads;
    store::Store& store;
    const Clock& clock;
    signing::SigningGate& gate;
    FreeBytes free_bytes;
  };
  explicit SigningWatch(Parts parts) : parts_(std::move(parts)) {}
  SigningWatch(Installation& installation, signing::SigningGate& gate);
  ~SigningWatch();
  SigningWatch(const SigningWatch&) = delete;
  SigningWatch& operator=(const SigningWatch&) = delete;

  // One look at everything. Not while the thread runs.
  void look();
  void start();
  void stop();  // may be repeated

 private:
  void look_at_heads();
  void look_at_disk();
  void look_at_clock();
  Result<void> keep_time();
  void run(const std::stop_token& stop);

  const Parts parts_;
  bool is_short_ = false;
  bool is_clock_wrong_ = false;
  Timestamp time_kept_ = {};
  std::int64_t record_kept_ = -1;  // the node's last, at that time
  std::mutex mutex_;               // guards nothing: the thread only waits with it
  std::condition_variable_any wake_;
  std::jthread thread_;
};

}  // namespace hallmark::server
