#include "api/refusal_log.h"

#include <fmt/format.h>

#include "base/limits.h"
#include "base/log.h"

namespace hallmark::api {
namespace {

constexpr std::size_t field_bytes_max = 200;  // of what a stranger chooses

std::string cut(std::string_view text) { return std::string(text.substr(0, field_bytes_max)); }

// STS calls a token that proves nothing invalid.
bool is_token_refusal(const Error& error) {
  return error.reason == "InvalidIdentityToken" || error.reason == "ExpiredTokenException" ||
         error.reason == "IDPCommunicationError";
}

enum class Notable { no, bounded, always };

Notable notability_of(const Error& error) {
  switch (error.kind) {
    case ErrorKind::denied:
    case ErrorKind::unauthenticated:
    case ErrorKind::incomplete_signature:
    case ErrorKind::unknown_access_key:
    case ErrorKind::wrong_signature:
    case ErrorKind::request_expired:
    case ErrorKind::session_expired:
    case ErrorKind::unavailable: return Notable::bounded;
    case ErrorKind::invalid: return is_token_refusal(error) ? Notable::bounded : Notable::no;
    case ErrorKind::corrupt:
    case ErrorKind::internal: return Notable::always;
    case ErrorKind::not_found:
    case ErrorKind::conflict:
    case ErrorKind::limit_exceeded:
    case ErrorKind::throttled:
    case ErrorKind::bad_request:
    case ErrorKind::malformed:
    case ErrorKind::too_large:
    case ErrorKind::too_slow:
    case ErrorKind::length_required:
    case ErrorKind::no_such_operation: return Notable::no;
  }
  return Notable::always;
}

}  // namespace

void RefusalLog::note(const http::Request& request, const Error& error) {
  const Notable notable = notability_of(error);
  if (notable == Notable::no) return;
  if (notable == Notable::always) {
    log::error("request failed", {{"request", request.request_id}, {"error", describe(error)}});
    return;
  }
  const Turn turn = take_turn();
  if (!turn.logged) return;
  log::warning("request refused", {{"request", request.request_id},
                                   {"peer", request.peer.address},
                                   {"method", std::string(http::name_of(request.method))},
                                   {"path", cut(request.path)},
                                   {"reason", std::string(name_of(error.kind))},
                                   {"message", cut(error.message)},
                                   {"detail", cut(error.detail)},
                                   {"agent", cut(request.headers.find("user-agent").value_or(""))},
                                   {"not_logged_before", fmt::format("{}", turn.passed_over)}});
}

RefusalLog::Turn RefusalLog::take_turn() {
  const std::int64_t now = unix_seconds(clock_.now());
  const MutexLock lock(mutex_);
  if (now != second_) {
    second_ = now;
    in_second_ = 0;
  }
  if (in_second_ >= limits::refusals_logged_per_second) {
    ++passed_over_;
    return {};
  }
  ++in_second_;
  return {true, std::exchange(passed_over_, 0)};
}

}  // namespace hallmark::api
