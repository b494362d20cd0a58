#include "http/entry.h"

#include <algorithm>
#include <array>

#include "base/ascii.h"
#include "http/ascii.h"

namespace hallmark::http {
namespace {

// What clients of the API put before the host of GetRevocationStatus.
constexpr std::array<std::string_view, 3> prefixes = {"", "data-", "verification."};

std::string_view without_port(std::string_view host) {
  if (host.starts_with('[')) return host.substr(1, host.find(']') - 1);
  return host.substr(0, host.find(':'));
}

bool is_form_of(std::string_view host, std::string_view name) {
  return std::ranges::any_of(prefixes, [&](std::string_view prefix) {
    return host.size() == prefix.size() + name.size() &&
           equal_without_case(host.substr(0, prefix.size()), prefix) &&
           equal_without_case(host.substr(prefix.size()), name);
  });
}

}  // namespace

bool TrustedProxies::contain(const AddressBlock& address) const {
  return std::ranges::any_of(addresses,
                             [&](const AddressBlock& block) { return block.contains(address); });
}

bool is_own_host(const Entry& entry, std::string_view host) {
  if (entry.host_names.empty()) return true;
  const std::string_view name = without_port(host);
  return std::ranges::any_of(entry.host_names,
                             [&](const std::string& own) { return is_form_of(name, own); });
}

}  // namespace hallmark::http
