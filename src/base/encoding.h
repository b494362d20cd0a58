// Bytes written as text: hex, base64 (RFC 4648 §4 and §5) and percent-encoding (RFC 3986).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"

namespace hallmark {

std::string to_hex(ByteView bytes);                    // lower case
std::optional<Bytes> from_hex(std::string_view text);  // either case, even length

std::string to_base64(ByteView bytes);                       // padded
std::optional<Bytes> from_base64(std::string_view text);     // padded, canonical, no white space
std::string to_base64url(ByteView bytes);                    // not padded
std::optional<Bytes> from_base64url(std::string_view text);  // not padded, canonical
// What is long, written where it is to stand.
void append_base64(std::string& to, ByteView bytes);
void append_base64url(std::string& to, ByteView bytes);

// Everything but RFC 3986's unreserved characters as %XX in upper case, as SigV4 wants it.
std::string percent_encode(std::string_view text);
// Whether a text is already written so: each byte that needs it as %XX in upper case, no other.
bool is_percent_encoded(std::string_view text);
// Undoes %XX. Nothing on a broken escape; a '+' stays a '+'.
std::optional<std::string> percent_decode(std::string_view text);

}  // namespace hallmark
