// Makes checkpoints of this node's chain: when many records have come since the last one, when some
// have and a while has passed, at the start and at the end.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <optional>
#include <stop_token>
#include <thread>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/result.h"
#include "base/uuid.h"
#include "store/store.h"

namespace hallmark::audit {

inline constexpr std::int64_t checkpoint_records = 1'000;
inline constexpr auto checkpoint_interval = std::chrono::minutes(5);
inline constexpr auto checkpoint_poll = std::chrono::seconds(1);
inline constexpr auto checkpoint_retry = std::chrono::seconds(10);  // when one could not be made

// Signs with the key of the audit log. May block for as long as a token takes.
class CheckpointSigner {
 public:
  virtual ~CheckpointSigner() = default;
  struct Signature {
    Uuid certificate;  // its row's
    Bytes signature;   // ECDSA on P-384
  };
  // Makes the key if there is none, or none that may sign now.
  virtual Result<void> prepare() = 0;
  virtual Result<Signature> sign(ByteView sha384_digest) = 0;
};

// Owns its thread. What the constructor takes outlives it.
class Checkpointer {
 public:
  Checkpointer(store::Store& store, CheckpointSigner& signer, const Clock& clock)
      : store_(store), signer_(signer), clock_(clock) {}
  ~Checkpointer() { stop_thread(); }
  Checkpointer(const Checkpointer&) = delete;
  Checkpointer& operator=(const Checkpointer&) = delete;

  void start();
  // Ends the thread, and makes the last one, which is logged if it cannot be. Once, when nothing
  // else is written any more.
  void stop();

  // One, if there is a record that the last one does not cover. Whether one was made. Not while the
  // thread runs.
  Result<bool> make();

 private:
  void run(const std::stop_token& stop);
  void stop_thread();
  Result<std::int64_t> node();
  Result<std::int64_t> count_uncovered();

  store::Store& store_;
  CheckpointSigner& signer_;
  const Clock& clock_;
  std::optional<std::int64_t> node_;
  std::mutex mutex_;  // guards nothing: the thread only waits with it
  std::condition_variable_any wake_;
  std::jthread thread_;
};

}  // namespace hallmark::audit
