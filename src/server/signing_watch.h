// Watches, while the service runs, what would make it stop signing: a store that is not as far as
// it was (head_keeper.h), and a disk that is almost full, whose rest is for revocations.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <mutex>
#include <stop_token>
#include <thread>

#include "base/result.h"
#include "server/head_keeper.h"
#include "signing/signing_gate.h"

namespace hallmark::server {

// Below the first nothing is signed any more, above the second it is again.
inline constexpr std::uint64_t free_bytes_min = std::uint64_t(16) << 20;
inline constexpr std::uint64_t free_bytes_enough = std::uint64_t(20) << 20;

// Of the file system that `path` is on, as far as it is for this user.
Result<std::uint64_t> find_free_bytes(const std::filesystem::path& path);

// Owns its thread. What the constructor takes outlives it.
class SigningWatch {
 public:
  using FreeBytes = std::function<Result<std::uint64_t>()>;
  SigningWatch(HeadKeeper& heads, signing::SigningGate& gate, FreeBytes free_bytes)
      : heads_(heads), gate_(gate), free_bytes_(std::move(free_bytes)) {}
  ~SigningWatch();
  SigningWatch(const SigningWatch&) = delete;
  SigningWatch& operator=(const SigningWatch&) = delete;

  // One look at everything. Not while the thread runs.
  void look();
  void start();
  void stop();  // once

 private:
  void look_at_heads();
  void look_at_disk();
  void run(const std::stop_token& stop);

  HeadKeeper& heads_;
  signing::SigningGate& gate_;
  const FreeBytes free_bytes_;
  bool is_short_ = false;
  std::mutex mutex_;  // guards nothing: the thread only waits with it
  std::condition_variable_any wake_;
  std::jthread thread_;
};

}  // namespace hallmark::server
