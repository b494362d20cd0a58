// Helpers for the rules of text types: length in characters and the set of characters.
#pragma once

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <optional>
#include <string_view>

namespace hallmark::model {

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
constexpr bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
constexpr bool is_alphanumeric(char c) { return is_digit(c) || is_letter(c); }
constexpr bool is_lower_or_digit(char c) { return is_digit(c) || (c >= 'a' && c <= 'z'); }
constexpr bool is_control(char c) { return (c >= '\0' && c < ' ') || c == '\x7f'; }

// Whether the text has `least` to `most` bytes, each of which `allowed` allows.
template <std::predicate<char> Allowed>
constexpr bool consists_of(std::string_view text, std::size_t least, std::size_t most,
                           Allowed allowed) {
  return text.size() >= least && text.size() <= most && std::ranges::all_of(text, allowed);
}

// The number of characters (code points); nothing when the text is not UTF-8 (RFC 3629: no overlong
// forms, no surrogates, nothing above U+10FFFF).
std::optional<std::size_t> count_characters(std::string_view text);

}  // namespace hallmark::model
