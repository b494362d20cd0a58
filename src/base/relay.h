// A sink that works on a thread of its own, so that a digest is taken of what is read while the
// next bytes are being read.
//
//   TRY(relay_all(source, digest));
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "base/bytes.h"
#include "base/read_at.h"
#include "base/result.h"

namespace hallmark {

// Hands on what is written to it, in order, through a ring of buffers. One thread writes.
class Relay final : public Sink {
 public:
  // How far the writer may be ahead: what waits, beside the buffer that each side has in hand. In
  // all 4.5 MiB.
  static constexpr std::size_t buffers_waiting_max = 16;
  // A side that had to wait goes on when so many wait, no fewer for the sink and no more for the
  // writer: to sleep and to be woken for each buffer would take longer than it saves. At the end
  // the sink gets what there is.
  static constexpr std::size_t buffers_at_wake = buffers_waiting_max / 2;

  // `to` is the relay's, on another thread, until finish() or the relay's end, and outlives it.
  // Unavailable: no thread can be had.
  static Result<std::unique_ptr<Relay>> start(Sink& to);
  // What was not handed on by then is dropped.
  ~Relay() override;
  Relay(const Relay&) = delete;
  Relay& operator=(const Relay&) = delete;

  // Copies the bytes; waits while the writer is too far ahead. Fails with the sink's error as soon
  // as it is known, which may be some writes later. Not after finish().
  Result<void> write(ByteView bytes) override;
  // The same of a range of `from`, which is read into the ring. The source's error is returned too.
  Result<void> read(const ReadAt& from, std::uint64_t offset, std::uint64_t length);
  // Waits until all has been handed on, or the sink has failed: its error. Once.
  Result<void> finish();

 private:
  struct Buffer {
    Bytes bytes;
    std::size_t used = 0;
  };

  explicit Relay(Sink& to) : to_(to) {}
  Result<MutableByteView> room(std::uint64_t bytes_max);
  Result<void> hand_on();
  void work();
  std::optional<Buffer> next();
  bool give_back(Buffer buffer, Result<void> outcome);
  void end();

  Sink& to_;
  Buffer filling_;  // the writer's
  std::mutex mutex_;
  std::condition_variable has_room_;  // for the writer
  std::condition_variable has_work_;  // for the sink's thread
  // Guarded by mutex_:
  std::deque<Buffer> waiting_;
  std::vector<Buffer> spare_;
  Result<void> outcome_;  // of the sink; it gets no more after an error
  bool is_ended_ = false;
  std::thread thread_;
};

// Below it, starting a thread takes longer than it saves.
inline constexpr std::uint64_t relayed_bytes_min = 4 * 1024 * 1024;

// Lets `produce` write into `to`: through a relay when some relayed_bytes_min or more will come.
// Afterwards `to` has all of it.
Result<void> relayed(Sink& to, std::uint64_t bytes_expected,
                     const std::function<Result<void>(Sink& to)>& produce);
// The same of all of `from`.
Result<void> relay_all(const ReadAt& from, Sink& to);

}  // namespace hallmark
