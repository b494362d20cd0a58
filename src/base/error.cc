#include "base/error.h"

#include <cerrno>
#include <cstring>

#include <fmt/format.h>

#include "base/operator_words.h"

namespace hallmark {
namespace {

constexpr std::string_view refusal_begins = "cannot ";
constexpr std::string_view is_busy = "The service is busy or stopping. Try again.";

// What passes without a change to the request or to us.
bool is_shortage(int number) {
  return number == EMFILE || number == ENFILE || number == ENOMEM || number == ENOSPC ||
         number == EDQUOT;
}

}  // namespace

Error invalid(std::string message, std::string_view reason) {
  return {ErrorKind::invalid, std::move(message), {}, reason};
}
Error not_found(std::string message, std::string_view reason) {
  return {ErrorKind::not_found, std::move(message), {}, reason};
}
Error malformed(std::string message) { return {ErrorKind::malformed, std::move(message), {}}; }
Error denied(std::string message) { return {ErrorKind::denied, std::move(message), {}}; }
Error corrupt(std::string message) { return {ErrorKind::corrupt, std::move(message), {}}; }
Error unavailable(std::string detail) {
  return {ErrorKind::unavailable, std::string(is_busy), std::move(detail)};
}
Error internal_error(std::string detail) {
  return {ErrorKind::internal, "An internal error occurred.", std::move(detail)};
}
Error system_error(std::string_view what, int number) {
  std::string detail = fmt::format("{}{}: {}", refusal_begins, what, std::strerror(number));
  return is_shortage(number) ? unavailable(std::move(detail)) : internal_error(std::move(detail));
}

std::optional<std::string_view> find_machine_refusal(const Error& error) {
  if (!error.detail.starts_with(refusal_begins)) return std::nullopt;
  return error.detail;
}

std::string words_of(const Error& error) {
  if (error.detail.empty()) return error.message;
  if (error.message == is_busy || find_machine_refusal(error)) return error.detail;
  return fmt::format("{} ({})", error.message, error.detail);
}

std::string describe(const Error& error) {
  std::string text = fmt::format("{}: {}", name_of(error.kind), error.message);
  if (!error.detail.empty()) text += fmt::format(" ({})", error.detail);
  return text;
}

std::string_view name_of(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::invalid: return "invalid";
    case ErrorKind::not_found: return "not found";
    case ErrorKind::conflict: return "conflict";
    case ErrorKind::denied: return "denied";
    case ErrorKind::limit_exceeded: return "limit exceeded";
    case ErrorKind::throttled: return "throttled";
    case ErrorKind::bad_request: return "bad request";
    case ErrorKind::malformed: return "malformed";
    case ErrorKind::too_large: return "too large";
    case ErrorKind::too_slow: return "too slow";
    case ErrorKind::length_required: return "length required";
    case ErrorKind::no_such_operation: return "no such operation";
    case ErrorKind::unauthenticated: return "unauthenticated";
    case ErrorKind::incomplete_signature: return "incomplete signature";
    case ErrorKind::unknown_access_key: return "unknown access key";
    case ErrorKind::wrong_signature: return "wrong signature";
    case ErrorKind::request_expired: return "request expired";
    case ErrorKind::session_expired: return "session expired";
    case ErrorKind::unavailable: return "unavailable";
    case ErrorKind::corrupt: return "corrupt";
    case ErrorKind::internal: return "internal error";
  }
  return "unknown";
}

}  // namespace hallmark
