#include "http/forwarded.h"

#include <algorithm>
#include <optional>
#include <vector>

#include "base/ascii.h"
#include "http/ascii.h"

namespace hallmark::http {
namespace {

std::string_view trimmed(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t");
  if (begin == text.npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t") + 1 - begin);
}

// The elements of a list in the order of all its fields; empty ones are none (RFC 9110 §5.6.1.2).
std::vector<std::string_view> list_of(const Headers& headers, std::string_view name) {
  std::vector<std::string_view> elements;
  for (const Headers::Field& field : headers.fields()) {
    if (!equal_without_case(field.name, name)) continue;
    std::string_view rest = field.value;
    while (!rest.empty()) {
      const std::size_t end = std::min(rest.find(','), rest.size());
      const std::string_view element = trimmed(rest.substr(0, end));
      if (!element.empty()) elements.push_back(element);
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
  }
  return elements;
}

bool is_port(std::string_view text) {
  constexpr std::size_t digits_max = 5;
  return !text.empty() && text.size() <= digits_max && std::ranges::all_of(text, is_digit);
}

// Some proxies add the port: "203.0.113.5:51234", "[2001:db8::5]:51234", "[2001:db8::5]".
std::optional<AddressBlock> read_address(std::string_view element) {
  if (element.starts_with('[')) {
    const std::size_t end = element.find(']');
    if (end == element.npos) return {};
    const std::string_view after = element.substr(end + 1);
    if (!after.empty() && (after.front() != ':' || !is_port(after.substr(1)))) return {};
    return parse_address(element.substr(1, end - 1));
  }
  const std::size_t colon = element.find(':');
  const bool has_port = colon != element.npos && element.find(':', colon + 1) == element.npos;
  if (has_port && !is_port(element.substr(colon + 1))) return {};
  return parse_address(has_port ? element.substr(0, colon) : element);
}

}  // namespace

Result<Peer> forwarded_peer(const Headers& headers, const Peer& proxy,
                            const TrustedProxies& trusted) {
  Peer client = proxy;
  const auto addresses = list_of(headers, "X-Forwarded-For");
  for (auto next = addresses.rbegin(); next != addresses.rend(); ++next) {
    const auto address = read_address(*next);
    if (!address) {
      return Error{ErrorKind::bad_request, "X-Forwarded-For holds what is no address.", {}};
    }
    client.address = text_of(*address);
    if (!trusted.contain(*address)) break;
  }
  const auto schemes = list_of(headers, "X-Forwarded-Proto");
  client.secure = !schemes.empty() && std::ranges::all_of(schemes, [](std::string_view scheme) {
    return equal_without_case(scheme, "https");
  });
  return client;
}

}  // namespace hallmark::http
