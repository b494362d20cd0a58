#include "crypto/der.h"

#include <algorithm>
#include <bit>
#include <charconv>

#include <fmt/format.h>
#include <openssl/asn1.h>

#include "base/check.h"

namespace hallmark::crypto::der {
namespace {

constexpr std::size_t head_bytes_usual = 4;  // tag and length of what has less than 64 KiB

void append_length(Bytes& to, std::size_t length) {
  if (length < 0x80) {
    to.push_back(static_cast<std::uint8_t>(length));
    return;
  }
  const int length_bytes = static_cast<int>(std::bit_width(length) + 7) / 8;
  to.push_back(static_cast<std::uint8_t>(0x80 | length_bytes));
  for (int i = length_bytes - 1; i >= 0; --i) {
    to.push_back(static_cast<std::uint8_t>(length >> (8 * i)));
  }
}

// Base 128, most significant first, all but the last with the top bit (X.690 §8.19.2).
void append_arc(Bytes& to, std::uint64_t arc) {
  const int groups = std::max(1, static_cast<int>(std::bit_width(arc) + 6) / 7);
  for (int i = groups - 1; i >= 0; --i) {
    const std::uint64_t group = (arc >> (7 * i)) & 0x7f;
    to.push_back(static_cast<std::uint8_t>(group | (i > 0 ? 0x80u : 0u)));
  }
}

Result<std::vector<std::uint32_t>> arcs_of(std::string_view dotted) {
  const Error wrong = invalid(fmt::format("'{}' is not an object identifier.", dotted));
  std::vector<std::uint32_t> arcs;
  const char* next = dotted.data();
  const char* const end = next + dotted.size();
  while (true) {
    std::uint32_t arc = 0;
    const auto [stop, error] = std::from_chars(next, end, arc);
    if (error != std::errc() || (*next == '0' && stop - next > 1)) return wrong;
    arcs.push_back(arc);
    if (stop == end) break;
    if (*stop != '.') return wrong;
    next = stop + 1;
  }
  const bool reachable = arcs.size() >= 2 && arcs[0] <= 2 && (arcs[0] == 2 || arcs[1] < 40);
  if (!reachable) return wrong;
  return arcs;
}

// "20261122090807"
std::string digits_of(Timestamp time) {
  std::string digits = to_basic(time);
  std::erase_if(digits, [](char c) { return c < '0' || c > '9'; });
  CHECK(digits.size() == 14);
  return digits;
}

}  // namespace

Bytes value(std::uint8_t tag, ByteView content) {
  Bytes whole;
  whole.reserve(content.size() + head_bytes_usual);
  whole.push_back(tag);
  append_length(whole, content.size());
  append(whole, content);
  return whole;
}

Bytes retagged(std::uint8_t tag, Bytes whole) {
  CHECK(!whole.empty());
  whole[0] = tag;
  return whole;
}

Bytes sequence(std::initializer_list<ByteView> members) {
  std::size_t size = 0;
  for (const ByteView member : members) size += member.size();
  Bytes content;
  content.reserve(size);
  for (const ByteView member : members) append(content, member);
  return value(sequence_tag, content);
}

Bytes set_of(std::vector<Bytes> elements) {
  std::ranges::sort(elements);  // as byte strings, which is X.690's order: no encoding is a prefix
  Bytes content;
  for (const Bytes& element : elements) append(content, element);
  return value(set_tag, content);
}

Bytes null() { return {null_tag, 0}; }

Bytes boolean_true() { return {boolean_tag, 1, 0xff}; }

Bytes small_integer(std::uint8_t number) {
  CHECK(number < 0x80);
  return {integer_tag, 1, number};
}

Bytes integer(ByteView magnitude) {
  while (!magnitude.empty() && magnitude[0] == 0) magnitude = magnitude.subspan(1);
  Bytes content;
  content.reserve(magnitude.size() + 1);
  // A leading zero where the top bit would make the number negative, and for zero itself.
  if (magnitude.empty() || magnitude[0] >= 0x80) content.push_back(0);
  append(content, magnitude);
  return value(integer_tag, content);
}

Bytes octet_string(ByteView content) { return value(octet_string_tag, content); }

Bytes bit_string(ByteView content) {
  Bytes with_unused_bits = {0};
  append(with_unused_bits, content);
  return value(bit_string_tag, with_unused_bits);
}

Bytes named_bits(std::uint8_t bits) {
  if (bits == 0) return value(bit_string_tag, Bytes{0});
  return value(bit_string_tag, Bytes{static_cast<std::uint8_t>(std::countr_zero(bits)), bits});
}

Bytes utf8_string(std::string_view text) { return value(utf8_string_tag, bytes_of(text)); }

Bytes printable_string(std::string_view text) {
  return value(printable_string_tag, bytes_of(text));
}

Result<Bytes> object_identifier(std::string_view dotted) {
  TRY(const auto arcs, arcs_of(dotted));
  Bytes content;
  append_arc(content, std::uint64_t{arcs[0]} * 40 + arcs[1]);
  for (std::size_t i = 2; i < arcs.size(); ++i) append_arc(content, arcs[i]);
  return value(object_identifier_tag, content);
}

Bytes known_identifier(std::string_view dotted) {
  auto identifier = object_identifier(dotted);
  CHECK(identifier.has_value());
  return *std::move(identifier);
}

Bytes certificate_time(Timestamp time) {
  const std::string digits = digits_of(time);
  if (digits < "2050") return value(utc_time_tag, bytes_of(digits.substr(2) + "Z"));
  return value(generalized_time_tag, bytes_of(digits + "Z"));
}

Bytes generalized_time(Timestamp time) {
  const auto millis = unix_millis(time) - unix_seconds(time) * 1000;
  std::string fraction = millis == 0 ? "" : fmt::format(".{:03}", millis);
  while (fraction.ends_with('0')) fraction.pop_back();
  return value(generalized_time_tag, bytes_of(digits_of(time) + fraction + "Z"));
}

bool is_utf8(std::string_view text) {
  ByteView rest = bytes_of(text);
  while (!rest.empty()) {
    unsigned long code_point = 0;
    const int used = UTF8_getc(rest.data(), static_cast<int>(std::min<std::size_t>(rest.size(), 8)),
                               &code_point);
    const bool surrogate = code_point >= 0xd800 && code_point <= 0xdfff;
    if (used <= 0 || surrogate || code_point > 0x10ffff) return false;
    rest = rest.subspan(static_cast<std::size_t>(used));
  }
  return true;
}

}  // namespace hallmark::crypto::der
