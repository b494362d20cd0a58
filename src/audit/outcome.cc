#include "audit/outcome.h"

#include <algorithm>
#include <array>

#include "base/check.h"

namespace hallmark::audit {
namespace {

constexpr char answered = '=';

struct Letter {
  ErrorKind kind;
  char letter;
};
constexpr std::array letters = {
    Letter{ErrorKind::invalid, 'i'},        Letter{ErrorKind::not_found, 'n'},
    Letter{ErrorKind::conflict, 'c'},       Letter{ErrorKind::denied, 'd'},
    Letter{ErrorKind::limit_exceeded, 'l'},
};

// A reason is a literal, so one that is read is looked up. Others are left out of the repeat.
constexpr std::array<std::string_view, 12> reasons = {
    "InvalidPermissionStatement", "InvalidPrincipal",       "PolicyNotFound",
    "PolicyRevisionIdMismatch",   "ProfileNotActive",       "ProfileNotFound",
    "ProfileVersionNotFound",     "ServiceLimitExceeded",   "InvalidJobParameters",
    "LimitExceededException",     "ResourceInUseException", "TooManyTagsException",
};

}  // namespace

bool is_final(const Error& error) {
  return std::ranges::find(letters, error.kind, &Letter::kind) != letters.end();
}

std::string text_of_outcome(const Result<std::string>& outcome) {
  if (outcome) return answered + *outcome;
  const auto letter = std::ranges::find(letters, outcome.error().kind, &Letter::kind);
  CHECK(letter != letters.end());
  std::string text(1, letter->letter);
  text.append(outcome.error().reason).append("\n").append(outcome.error().message);
  return text;
}

Result<std::string> outcome_of(std::string_view text) {
  if (text.starts_with(answered)) return std::string(text.substr(1));
  const std::size_t line = text.find('\n');
  const auto letter = std::ranges::find(letters, text.empty() ? '\0' : text[0], &Letter::letter);
  if (letter == letters.end() || line == std::string_view::npos) {
    return corrupt("A remembered answer is none.");
  }
  const auto reason = std::ranges::find(reasons, text.substr(1, line - 1));
  return Error{letter->kind,
               std::string(text.substr(line + 1)),
               {},
               reason == reasons.end() ? std::string_view() : *reason};
}

}  // namespace hallmark::audit
