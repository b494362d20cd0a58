// Whether the service signs and changes anything at the moment. It goes on answering what is asked
// of it when it does not.
#pragma once

#include <atomic>
#include <optional>
#include <string_view>

#include "base/error.h"
#include "base/result.h"

namespace hallmark::signing {

// What a change does to the store: it makes it larger, or it takes away what somebody may do or
// what is kept, which is what the last of the disk is kept for.
enum class Change { grows, restricts };

// Safe to call from any thread.
class SigningGate {
 public:
  enum class Closed { history, space, clock };

  void close(Closed why) { flag(why) = true; }
  void open(Closed why) { flag(why) = false; }

  // Unavailable, saying why, while nothing may be signed.
  Result<void> check_signing() const {
    if (const auto why = reason()) return refusal(*why);
    return {};
  }
  // Unavailable, saying why, while no such change may be made: none by a clock that is wrong, since
  // what was done when decides what is revoked; and none that grows on a disk that is almost full.
  Result<void> check_change(Change change) const {
    if (clock_) return refusal(clock_reason);
    if (space_ && change == Change::grows) return refusal(space_reason);
    return {};
  }
  // Whether there is space for what nobody waits for.
  bool has_space() const { return !space_; }
  // Unavailable while what is known of revocations may not be all: "nothing is revoked" must not be
  // answered then.
  Result<void> check_history() const {
    if (history_) return refusal(history_reason);
    return {};
  }
  // Why nothing is signed; nothing: it is.
  std::optional<std::string_view> reason() const {
    if (history_) return history_reason;
    if (clock_) return clock_reason;
    if (space_) return space_reason;
    return std::nullopt;
  }

 private:
  static constexpr std::string_view history_reason =
      "The store was restored or put back to an earlier state. Nothing is signed until an operator "
      "has accepted that (hallmark accept-restore).";
  static constexpr std::string_view space_reason =
      "The disk is almost full. Nothing is signed or added until there is space again.";
  static constexpr std::string_view clock_reason =
      "The clock is before the time of what was done last. Nothing is signed or changed until it "
      "is right.";

  static Error refusal(std::string_view why) {
    return {ErrorKind::unavailable, std::string(why), {}, {}};
  }
  std::atomic<bool>& flag(Closed why) {
    switch (why) {
      case Closed::history: return history_;
      case Closed::space: return space_;
      case Closed::clock: return clock_;
    }
    return history_;
  }

  std::atomic<bool> history_ = false;
  std::atomic<bool> space_ = false;
  std::atomic<bool> clock_ = false;
};

}  // namespace hallmark::signing
