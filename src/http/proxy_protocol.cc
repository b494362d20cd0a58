#include "http/proxy_protocol.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>

#include "base/ascii.h"

namespace hallmark::http {
namespace {

constexpr std::string_view signature_v1 = "PROXY ";
constexpr std::size_t least_bytes_v1 = 15;  // "PROXY UNKNOWN\r\n"
constexpr std::size_t most_bytes_v1 = 107;

constexpr std::string_view signature_v2("\r\n\r\n\0\r\nQUIT\n", 12);
constexpr std::size_t fixed_bytes_v2 = 16;
constexpr std::size_t most_bytes_v2 = 4 * 1024;
constexpr std::size_t type_length_bytes = 3;
constexpr std::uint8_t ssl_type = 0x20;   // PP2_TYPE_SSL
constexpr std::size_t ssl_bytes_min = 5;  // a byte of flags, four of the verification's result
constexpr std::uint8_t client_ssl_flag = 0x01;  // PP2_CLIENT_SSL

Error bad(std::string detail) {
  return {ErrorKind::bad_request, "The proxy's header is not valid.", std::move(detail)};
}

std::uint8_t byte_at(std::string_view bytes, std::size_t at) {
  return static_cast<std::uint8_t>(bytes[at]);
}

std::size_t length_at(std::string_view bytes, std::size_t at) {
  return std::size_t(byte_at(bytes, at)) << 8 | byte_at(bytes, at + 1);
}

bool is_port(std::string_view text) {
  unsigned port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  return error == std::errc() && end == text.data() + text.size() && port <= 0xffff &&
         (text.size() == 1 || text.front() != '0');
}

// "TCP4 203.0.113.5 192.0.2.1 51234 443"
Result<ProxyHeader> parse_line(std::string_view line) {
  if (line == "UNKNOWN" || line.starts_with("UNKNOWN ")) return ProxyHeader{};
  if (std::ranges::count(line, ' ') != 4) return bad("version 1: its words");
  std::array<std::string_view, 5> words;
  for (std::string_view& word : words) {
    const std::size_t end = std::min(line.find(' '), line.size());
    word = line.substr(0, end);
    line.remove_prefix(std::min(end + 1, line.size()));
  }
  const bool is_v6 = words[0] == "TCP6";
  if (!is_v6 && words[0] != "TCP4") return bad("version 1: its words");
  const auto source = parse_address(words[1]);
  const auto target = parse_address(words[2]);
  const bool are_of_family = (words[1].find(':') != words[1].npos) == is_v6 &&
                             (words[2].find(':') != words[2].npos) == is_v6;
  if (!source || !target || !are_of_family) return bad("version 1: its addresses");
  if (!is_port(words[3]) || !is_port(words[4])) return bad("version 1: its ports");
  return ProxyHeader{.source = source};
}

Result<ProxyHeader> parse_v1(std::string_view bytes) {
  if (!signature_v1.starts_with(bytes.substr(0, signature_v1.size()))) return bad("no signature");
  if (bytes.size() < least_bytes_v1) {
    return ProxyHeader{.missing_bytes = least_bytes_v1 - bytes.size()};
  }
  const std::size_t end = bytes.find_first_of("\r\n");
  if (end == bytes.npos) {
    if (bytes.size() + 2 > most_bytes_v1) return bad("version 1: too long");
    return ProxyHeader{.missing_bytes = 2};
  }
  const std::string_view line_end = bytes.substr(end);
  if (line_end == "\r") return ProxyHeader{.missing_bytes = 1};
  if (line_end != "\r\n" || bytes.size() > most_bytes_v1) return bad("version 1: its end");
  return parse_line(bytes.substr(signature_v1.size(), end - signature_v1.size()));
}

// The extensions behind the addresses: type, length, value. All but one are passed over.
Result<std::optional<bool>> find_secure(std::string_view extensions) {
  std::optional<bool> secure;
  while (!extensions.empty()) {
    if (extensions.size() < type_length_bytes) return bad("version 2: an extension");
    const std::uint8_t type = byte_at(extensions, 0);
    const std::size_t size = length_at(extensions, 1);
    extensions.remove_prefix(type_length_bytes);
    if (size > extensions.size()) return bad("version 2: an extension");
    if (type == ssl_type) {
      if (size < ssl_bytes_min || secure) return bad("version 2: its word on TLS");
      secure = (byte_at(extensions, 0) & client_ssl_flag) != 0;
    }
    extensions.remove_prefix(size);
  }
  return secure;
}

AddressBlock source_of(std::string_view addresses, bool is_v6) {
  if (is_v6) {
    AddressBlock source;
    std::ranges::copy(addresses.substr(0, source.bytes.size()), source.bytes.begin());
    return source;
  }
  return ipv4_address(
      {byte_at(addresses, 0), byte_at(addresses, 1), byte_at(addresses, 2), byte_at(addresses, 3)});
}

Result<ProxyHeader> parse_v2_body(std::string_view bytes) {
  constexpr std::uint8_t local_command = 0x20, proxy_command = 0x21;
  constexpr std::uint8_t tcp4 = 0x11, tcp6 = 0x21;
  constexpr std::size_t tcp4_bytes = 12, tcp6_bytes = 36;  // two addresses and two ports
  const std::uint8_t command = byte_at(bytes, signature_v2.size());
  const std::uint8_t family = byte_at(bytes, signature_v2.size() + 1);
  const std::string_view body = bytes.substr(fixed_bytes_v2);
  if (command == local_command) return ProxyHeader{};
  if (command != proxy_command) return bad("version 2: its command");
  if (family != tcp4 && family != tcp6) return ProxyHeader{};
  const std::size_t addresses_bytes = family == tcp6 ? tcp6_bytes : tcp4_bytes;
  if (body.size() < addresses_bytes) return bad("version 2: its addresses");
  ProxyHeader header{.source = source_of(body, family == tcp6)};
  TRY(header.secure, find_secure(body.substr(addresses_bytes)));
  return header;
}

Result<ProxyHeader> parse_v2(std::string_view bytes) {
  if (bytes.size() < fixed_bytes_v2) {
    return ProxyHeader{.missing_bytes = fixed_bytes_v2 - bytes.size()};
  }
  const std::size_t whole = fixed_bytes_v2 + length_at(bytes, fixed_bytes_v2 - 2);
  if (whole > most_bytes_v2) return bad("version 2: too long");
  if (bytes.size() < whole) return ProxyHeader{.missing_bytes = whole - bytes.size()};
  if (bytes.size() > whole) return bad("version 2: its end");
  return parse_v2_body(bytes);
}

}  // namespace

Result<ProxyHeader> parse_proxy_header(std::string_view bytes) {
  if (bytes.empty()) return ProxyHeader{.missing_bytes = least_bytes_v1};
  const bool is_v2 = signature_v2.starts_with(bytes.substr(0, signature_v2.size()));
  return is_v2 ? parse_v2(bytes) : parse_v1(bytes);
}

}  // namespace hallmark::http
