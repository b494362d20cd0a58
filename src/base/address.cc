#include "base/address.h"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>
#include <span>
#include <string>

#include "base/check.h"

namespace hallmark {
namespace {

constexpr std::array<std::uint8_t, 12> ipv4_mapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
constexpr unsigned ipv4_mapped_bits = 96;

// Decimal digits only, at most `largest`.
std::optional<unsigned> parse_prefix(std::string_view text, unsigned largest) {
  unsigned bits = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), bits);
  if (error != std::errc() || end != text.data() + text.size() || bits > largest) return {};
  return bits;
}

}  // namespace

bool AddressBlock::is_ipv4() const {
  return prefix_bits >= ipv4_mapped_bits &&
         std::ranges::equal(ipv4_mapped, std::span(bytes).first<12>());
}

bool AddressBlock::contains(const AddressBlock& address) const {
  if (is_ipv4() != address.is_ipv4() || address.prefix_bits < prefix_bits) return false;
  const std::size_t whole = prefix_bits / 8;
  if (!std::equal(bytes.begin(), bytes.begin() + std::ptrdiff_t(whole), address.bytes.begin())) {
    return false;
  }
  const unsigned left = prefix_bits % 8;
  if (left == 0) return true;
  const unsigned mask = 0xffU << (8 - left) & 0xffU;
  return (bytes[whole] & mask) == (address.bytes[whole] & mask);
}

std::optional<AddressBlock> parse_address(std::string_view text) {
  if (text.find('\0') != std::string_view::npos) return {};  // where inet_pton would stop reading
  const std::string terminated(text);
  AddressBlock address;
  if (inet_pton(AF_INET6, terminated.c_str(), address.bytes.data()) == 1) return address;
  std::ranges::copy(ipv4_mapped, address.bytes.begin());
  if (inet_pton(AF_INET, terminated.c_str(), &address.bytes[ipv4_mapped.size()]) == 1)
    return address;
  return {};
}

std::string text_of(const AddressBlock& address) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  const bool dotted = address.is_ipv4();
  const std::uint8_t* const bytes = address.bytes.data() + (dotted ? ipv4_mapped.size() : 0);
  const char* const written =
      inet_ntop(dotted ? AF_INET : AF_INET6, bytes, text.data(), socklen_t(text.size()));
  CHECK(written != nullptr);  // the buffer holds the longest
  return written;
}

AddressBlock ipv4_address(std::array<std::uint8_t, 4> bytes) {
  AddressBlock address;
  std::ranges::copy(ipv4_mapped, address.bytes.begin());
  std::ranges::copy(bytes, address.bytes.begin() + ipv4_mapped.size());
  return address;
}

bool is_loopback(const AddressBlock& address) {
  constexpr std::uint8_t ipv4_network = 127;
  if (address.is_ipv4()) return address.bytes[ipv4_mapped.size()] == ipv4_network;
  AddressBlock ipv6;
  ipv6.bytes.back() = 1;
  return address.bytes == ipv6.bytes;
}

std::optional<AddressBlock> parse_address_block(std::string_view text) {
  const std::size_t slash = text.find('/');
  auto block = parse_address(text.substr(0, slash));
  if (!block || slash == std::string_view::npos) return block;
  const bool dotted = text.substr(0, slash).find(':') == std::string_view::npos;
  const unsigned before = dotted ? ipv4_mapped_bits : 0;
  const auto prefix = parse_prefix(text.substr(slash + 1), 128 - before);
  if (!prefix) return {};
  block->prefix_bits = before + *prefix;
  return block;
}

}  // namespace hallmark
