// Whether the service signs at the moment. It goes on answering what is asked of it, and revoking,
// when it does not.
#pragma once

#include <atomic>
#include <optional>
#include <string_view>

#include "base/error.h"
#include "base/result.h"

namespace hallmark::signing {

// Safe to call from any thread.
class SigningGate {
 public:
  enum class Closed { history, space };

  void close(Closed why) { flag(why) = true; }
  void open(Closed why) { flag(why) = false; }

  // Unavailable, saying why, while nothing may be signed.
  Result<void> check_signing() const {
    if (const auto why = reason()) return refusal(*why);
    return {};
  }
  // Unavailable while what is known of revocations may not be all: "nothing is revoked" must not be
  // answered then.
  Result<void> check_history() const {
    if (history_) return refusal(history_reason);
    return {};
  }
  // Why nothing is signed; nothing: it is.
  std::optional<std::string_view> reason() const {
    if (history_) return history_reason;
    if (space_) return space_reason;
    return std::nullopt;
  }

 private:
  static constexpr std::string_view history_reason =
      "The store was restored or put back to an earlier state. Nothing is signed until an operator "
      "has accepted that (hallmark accept-restore).";
  static constexpr std::string_view space_reason =
      "The disk is almost full. Nothing is signed until there is space again.";

  static Error refusal(std::string_view why) {
    return {ErrorKind::unavailable, std::string(why), {}, {}};
  }
  std::atomic<bool>& flag(Closed why) {
    switch (why) {
      case Closed::history: return history_;
      case Closed::space: return space_;
    }
    return history_;
  }

  std::atomic<bool> history_ = false;
  std::atomic<bool> space_ = false;
};

}  // namespace hallmark::signing
