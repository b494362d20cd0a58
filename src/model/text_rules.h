// Helpers for the rules of text types: length in characters and the set of characters.
#pragma once

#include <string_view>

namespace hallmark::model {

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
constexpr bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
constexpr bool is_alphanumeric(char c) { return is_digit(c) || is_letter(c); }

}  // namespace hallmark::model
