// DER (X.690), written and nothing more: the few types that certificates and CMS are made of.
// Reading is left to OpenSSL. Private to crypto/.
#pragma once

#include <initializer_list>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/result.h"

namespace hallmark::crypto::der {

inline constexpr std::uint8_t boolean_tag = 0x01;
inline constexpr std::uint8_t integer_tag = 0x02;
inline constexpr std::uint8_t bit_string_tag = 0x03;
inline constexpr std::uint8_t octet_string_tag = 0x04;
inline constexpr std::uint8_t null_tag = 0x05;
inline constexpr std::uint8_t object_identifier_tag = 0x06;
inline constexpr std::uint8_t utf8_string_tag = 0x0c;
inline constexpr std::uint8_t printable_string_tag = 0x13;
inline constexpr std::uint8_t utc_time_tag = 0x17;
inline constexpr std::uint8_t generalized_time_tag = 0x18;
inline constexpr std::uint8_t sequence_tag = 0x30;
inline constexpr std::uint8_t set_tag = 0x31;

// [number], primitive (of an IMPLICIT string) and constructed.
constexpr std::uint8_t primitive(unsigned number) {
  return static_cast<std::uint8_t>(0x80 | number);
}
constexpr std::uint8_t constructed(unsigned number) {
  return static_cast<std::uint8_t>(0xa0 | number);
}

// Tag, length and content. EXPLICIT tagging is value(constructed(n), whole).
Bytes value(std::uint8_t tag, ByteView content);
// IMPLICIT tagging: the same value under another tag.
Bytes retagged(std::uint8_t tag, Bytes whole);

Bytes sequence(std::initializer_list<ByteView> members);
// SET OF: the elements in the order of their encodings (X.690 §11.6).
Bytes set_of(std::vector<Bytes> elements);

Bytes null();
Bytes boolean_true();
Bytes small_integer(std::uint8_t number);  // 0 to 127
Bytes integer(ByteView magnitude);         // not negative, big-endian, leading zeros allowed
Bytes octet_string(ByteView content);
Bytes bit_string(ByteView content);  // whole bytes
// A named bit list (X.690 §11.2.2): trailing zero bits are left out. `bits` has bit 0 first (0x80).
Bytes named_bits(std::uint8_t bits);
Bytes utf8_string(std::string_view text);
Bytes printable_string(std::string_view text);

// Invalid unless `dotted` is at least two arcs of canonical decimal numbers below 2^32.
Result<Bytes> object_identifier(std::string_view dotted);
// The same for an identifier of ours.
Bytes known_identifier(std::string_view dotted);

// RFC 5280 §4.1.2.5: UTCTime through 2049, GeneralizedTime from then on; milliseconds are cut.
Bytes certificate_time(Timestamp time);
// GeneralizedTime in UTC; milliseconds without trailing zeros (X.690 §11.7).
Bytes generalized_time(Timestamp time);

// Whether the text is well-formed UTF-8 (RFC 3629).
bool is_utf8(std::string_view text);

}  // namespace hallmark::crypto::der
