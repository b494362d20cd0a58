// IP addresses and blocks of them (RFC 4632, RFC 4291 §2.3): of policies' IpAddress conditions, of
// proxies and of peers.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace hallmark {

// IPv4 is held as IPv4-mapped IPv6 (RFC 4291 §2.5.5.2), which is also how a dual-stack socket
// reports an IPv4 peer: both spellings are one address.
struct AddressBlock {
  std::array<std::uint8_t, 16> bytes{};
  unsigned prefix_bits = 128;

  bool is_ipv4() const;
  // Only blocks of the same family: ::/0 holds every IPv6 address, and no IPv4 address.
  bool contains(const AddressBlock& address) const;
};

// "203.0.113.0/24", "2001:db8::/32", or one address without '/'. Bits after the prefix do not
// count.
std::optional<AddressBlock> parse_address_block(std::string_view text);
// One address, without '/'.
std::optional<AddressBlock> parse_address(std::string_view text);
// The address, or a block's first one, in its one spelling (RFC 5952): "203.0.113.5" also of an
// IPv4-mapped address.
std::string text_of(const AddressBlock& address);

// Of a packet or a socket.
AddressBlock ipv4_address(std::array<std::uint8_t, 4> bytes);

// 127.0.0.0/8 and ::1.
bool is_loopback(const AddressBlock& address);

}  // namespace hallmark
