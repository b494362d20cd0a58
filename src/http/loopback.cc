#include "http/loopback.h"

#include <algorithm>
#include <array>
#include <string>

#include <boost/asio/ip/address.hpp>

#include "http/ascii.h"

namespace hallmark::http {
namespace {

bool is_name_character(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'z') || c == '-' || c == '.';
}

}  // namespace

bool is_loopback_host(std::string_view host) {
  if (host == "[::1]" || host == "localhost") return true;
  if (host.ends_with(".localhost")) return std::ranges::all_of(host, is_name_character);
  boost::system::error_code code;
  const auto address = boost::asio::ip::make_address_v4(std::string(host), code);
  return !code && address.is_loopback();
}

bool is_loopback_url(std::string_view url) {
  constexpr std::array<std::string_view, 2> schemes = {"http://", "https://"};
  for (const std::string_view scheme : schemes) {
    if (!equal_without_case(url.substr(0, scheme.size()), scheme)) continue;
    const std::string_view authority =
        url.substr(scheme.size(), url.find_first_of("/?#", scheme.size()) - scheme.size());
    const std::size_t colon = authority.ends_with(']') ? authority.npos : authority.rfind(':');
    const bool has_port = colon != authority.npos;
    return is_loopback_host(authority.substr(0, colon)) &&
           (!has_port || std::ranges::all_of(authority.substr(colon + 1), is_digit));
  }
  return false;
}

}  // namespace hallmark::http
