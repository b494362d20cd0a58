#include "policy/wildcard.h"

#include <algorithm>
#include <optional>

#include "policy/policy.h"

namespace hallmark::policy {
namespace {

Symbol literal(char c) { return Symbol(std::uint8_t(c)); }

Symbol lower(Symbol symbol) {
  const bool upper = symbol >= literal('A') && symbol <= literal('Z');
  return upper ? Symbol(std::uint16_t(symbol) + ('a' - 'A')) : symbol;
}

bool same(Symbol a, Symbol b, LetterCase letter_case) {
  return letter_case == LetterCase::exact ? a == b : lower(a) == lower(b);
}

// Where the character after the one at `at` begins: continuation bytes are 10xxxxxx (RFC 3629 §3).
std::size_t next_character(std::string_view text, std::size_t at) {
  do {
    ++at;
  } while (at < text.size() && (std::uint8_t(text[at]) & 0xc0U) == 0x80U);
  return at;
}

Symbol as_written(Symbol symbol) {
  if (symbol == Symbol::any_run) return literal('*');
  if (symbol == Symbol::any_one) return literal('?');
  return symbol;
}

}  // namespace

Pattern pattern_of(std::string_view text) {
  Pattern pattern;
  pattern.reserve(text.size());
  for (const char c : text) {
    pattern.push_back(c == '*' ? Symbol::any_run : c == '?' ? Symbol::any_one : literal(c));
  }
  return pattern;
}

void append_literal(Pattern& to, std::string_view text) {
  std::ranges::transform(text, std::back_inserter(to), literal);
}

// On a mismatch only the last any_run needs to take one byte more: what was matched before it was
// matched as early as possible, and taking more there could only leave less text for the rest.
bool matches(std::span<const Symbol> pattern, std::string_view text, LetterCase letter_case) {
  struct Retry {
    std::size_t pattern_at, text_at;
  };
  std::optional<Retry> retry;
  std::size_t p = 0;
  std::size_t t = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == Symbol::any_run) {
      retry = Retry{++p, t};
    } else if (p < pattern.size() && pattern[p] == Symbol::any_one) {
      t = next_character(text, t);
      ++p;
    } else if (p < pattern.size() && same(pattern[p], literal(text[t]), letter_case)) {
      ++t;
      ++p;
    } else if (retry) {
      t = ++retry->text_at;
      p = retry->pattern_at;
    } else {
      return false;
    }
  }
  const auto is_run = [](Symbol symbol) { return symbol == Symbol::any_run; };
  return std::ranges::all_of(pattern.subspan(p), is_run);
}

bool equals(std::span<const Symbol> pattern, std::string_view text, LetterCase letter_case) {
  return std::ranges::equal(pattern, text, [&](Symbol symbol, char c) {
    return same(as_written(symbol), literal(c), letter_case);
  });
}

bool equals_ignoring_case(std::string_view a, std::string_view b) {
  return std::ranges::equal(
      a, b, [](char x, char y) { return same(literal(x), literal(y), LetterCase::ignored); });
}

bool matches_wildcard(std::string_view pattern, std::string_view text) {
  return matches(pattern_of(pattern), text, LetterCase::exact);
}

}  // namespace hallmark::policy
