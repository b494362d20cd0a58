#include "cli/serial_number.h"

namespace hallmark::cli {
namespace {

constexpr std::size_t digits_max = 42;  // RFC 5280 §4.1.2.2: 20 octets, with one for the sign

// Upper case; 0 where it is none.
char hex_digit(char c) {
  if (c >= 'a' && c <= 'f') return char(c - 'a' + 'A');
  const bool is_hex = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'F');
  return is_hex ? c : '\0';
}

}  // namespace

std::optional<std::string> serial_number_of(std::string_view text) {
  for (const std::string_view prefix : {"serial=", "0x", "0X"}) {
    if (text.starts_with(prefix)) text.remove_prefix(prefix.size());
  }
  std::string digits;
  for (const char c : text) {
    if (c == ':') continue;
    if (hex_digit(c) == '\0') return std::nullopt;
    digits += hex_digit(c);
  }
  if (digits.size() % 2 == 1) digits.insert(digits.begin(), '0');
  while (digits.size() > 2 && digits.starts_with("00")) digits.erase(0, 2);
  if (digits.empty() || digits.size() > digits_max) return std::nullopt;
  return digits;
}

}  // namespace hallmark::cli
