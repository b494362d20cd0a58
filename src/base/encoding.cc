#include "base/encoding.h"

#include <algorithm>
#include <array>

namespace hallmark {
namespace {

constexpr std::string_view base64_alphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view base64url_alphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

int upper_hex_digit(char c) { return c >= 'a' ? -1 : hex_digit(c); }

// Without padding.
void append64(std::string& to, ByteView bytes, std::string_view alphabet) {
  const std::size_t before = to.size();
  to.reserve(before + (bytes.size() + 2) / 3 * 4);  // room for padding too
  to.resize(before + (bytes.size() * 8 + 5) / 6);
  char* out = to.data() + before;
  const char* const letters = alphabet.data();  // a view would look at its bounds for each
  const auto put = [&](std::uint32_t bits) { *out++ = letters[bits & 63]; };
  const std::uint8_t* next = bytes.data();
  for (std::size_t groups = bytes.size() / 3; groups > 0; --groups, next += 3) {
    const std::uint32_t held = std::uint32_t(next[0] << 16 | next[1] << 8 | next[2]);
    put(held >> 18);
    put(held >> 12);
    put(held >> 6);
    put(held);
  }
  const std::size_t rest = bytes.size() % 3;
  if (rest == 0) return;
  const std::uint32_t held = std::uint32_t(next[0] << 16 | (rest == 2 ? next[1] << 8 : 0));
  put(held >> 18);
  put(held >> 12);
  if (rest == 2) put(held >> 6);
}

// By a character, what it stands for in the alphabet, or no_value.
using Values64 = std::array<std::uint8_t, 256>;
constexpr std::uint8_t no_value = 64;

constexpr Values64 values_of(std::string_view alphabet) {
  Values64 values = {};
  values.fill(no_value);
  for (std::size_t i = 0; i < alphabet.size(); ++i) {
    values[std::uint8_t(alphabet[i])] = std::uint8_t(i);
  }
  return values;
}

constexpr Values64 base64_values = values_of(base64_alphabet);
constexpr Values64 base64url_values = values_of(base64url_alphabet);

std::optional<Bytes> decode64(std::string_view text, const Values64& values) {
  if (text.size() % 4 == 1) return std::nullopt;
  Bytes bytes;
  bytes.reserve(text.size() * 3 / 4);
  std::uint32_t held = 0;
  unsigned bits = 0;
  for (const char c : text) {
    const std::uint8_t value = values[std::uint8_t(c)];
    if (value == no_value) return std::nullopt;
    held = held << 6 | value;
    bits += 6;
    if (bits >= 8) bytes.push_back(std::uint8_t(held >> (bits -= 8)));
  }
  const bool canonical = (held & ((1U << bits) - 1)) == 0;
  return canonical ? std::optional(std::move(bytes)) : std::nullopt;
}

// By byte: the characters that RFC 3986 leaves as they are.
constexpr auto unreserved_bytes = [] {
  std::array<bool, 256> table = {};
  for (const char c : base64url_alphabet) table[std::uint8_t(c)] = true;  // but for '.' and '~'
  table['.'] = table['~'] = true;
  return table;
}();

bool unreserved(char c) { return unreserved_bytes[std::uint8_t(c)]; }

}  // namespace

std::string to_hex(ByteView bytes) {
  static constexpr std::string_view digits = "0123456789abcdef";
  std::string text(bytes.size() * 2, '\0');
  auto out = text.begin();
  for (const std::uint8_t byte : bytes) {
    *out++ = digits[byte >> 4];
    *out++ = digits[byte & 15];
  }
  return text;
}

std::optional<Bytes> from_hex(std::string_view text) {
  if (text.size() % 2 != 0) return std::nullopt;
  Bytes bytes;
  bytes.reserve(text.size() / 2);
  for (std::size_t i = 0; i < text.size(); i += 2) {
    const int high = hex_digit(text[i]);
    const int low = hex_digit(text[i + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    bytes.push_back(std::uint8_t(high * 16 + low));
  }
  return bytes;
}

void append_base64(std::string& to, ByteView bytes) {
  append64(to, bytes, base64_alphabet);
  to.append((3 - bytes.size() % 3) % 3, '=');
}

std::string to_base64(ByteView bytes) {
  std::string text;
  append_base64(text, bytes);
  return text;
}

std::optional<Bytes> from_base64(std::string_view text) {
  if (text.size() % 4 != 0) return std::nullopt;
  if (text.ends_with('=')) text.remove_suffix(text.ends_with("==") ? 2 : 1);
  return decode64(text, base64_values);
}

void append_base64url(std::string& to, ByteView bytes) { append64(to, bytes, base64url_alphabet); }

std::string to_base64url(ByteView bytes) {
  std::string text;
  append_base64url(text, bytes);
  return text;
}

std::optional<Bytes> from_base64url(std::string_view text) {
  return decode64(text, base64url_values);
}

std::string percent_encode(std::string_view text) {
  static constexpr std::string_view digits = "0123456789ABCDEF";
  std::string encoded;
  encoded.reserve(text.size() + 16);
  while (true) {
    // Most text is unreserved: it is taken in runs.
    const auto reserved = std::ranges::find_if_not(text, unreserved);
    encoded.append(text.begin(), reserved);
    if (reserved == text.end()) return encoded;
    encoded += '%';
    encoded += digits[std::uint8_t(*reserved) >> 4];
    encoded += digits[std::uint8_t(*reserved) & 15];
    text = std::string_view(reserved + 1, text.end());
  }
}

bool is_percent_encoded(std::string_view text) {
  while (true) {
    const auto escape = std::ranges::find_if_not(text, unreserved);
    if (escape == text.end()) return true;
    text = std::string_view(escape, text.end());
    if (text.size() < 3 || text.front() != '%') return false;
    const int high = upper_hex_digit(text[1]);
    const int low = upper_hex_digit(text[2]);
    if (high < 0 || low < 0 || unreserved(char(high * 16 + low))) return false;
    text.remove_prefix(3);
  }
}

std::optional<std::string> percent_decode(std::string_view text) {
  std::string decoded;
  decoded.reserve(text.size());
  while (true) {
    const std::size_t escape = text.find('%');
    decoded += text.substr(0, escape);
    if (escape == std::string_view::npos) return decoded;
    const int high = escape + 2 < text.size() ? hex_digit(text[escape + 1]) : -1;
    const int low = escape + 2 < text.size() ? hex_digit(text[escape + 2]) : -1;
    if (high < 0 || low < 0) return std::nullopt;
    decoded += char(high * 16 + low);
    text.remove_prefix(escape + 3);
  }
}

}  // namespace hallmark
