// Characters as HTTP classes them (RFC 9110 §5.6.2), independent of any locale. Private to http.
#pragma once

#include <string_view>

#include "base/ascii.h"

namespace hallmark::http {

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
constexpr bool is_letter(char c) { return lower(c) >= 'a' && lower(c) <= 'z'; }
constexpr bool is_hex_digit(char c) { return is_lower_hex_digit(lower(c)); }

constexpr bool is_token_character(char c) {
  return is_digit(c) || is_letter(c) ||
         std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
}

}  // namespace hallmark::http
