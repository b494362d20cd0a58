#include "objects/s3_endpoint.h"

#include <algorithm>

#include "base/ascii.h"
#include "base/encoding.h"
#include "http/loopback.h"

namespace hallmark::objects {
namespace {

constexpr std::string_view form = "The object store's URL must be s3:https://HOST[:PORT]?region=…";

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_lower_or_digit(char c) { return (c >= 'a' && c <= 'z') || is_digit(c); }

bool is_host(std::string_view host) {
  if (host.starts_with('[') && host.ends_with(']')) {  // IPv6
    return host.size() > 2 && std::ranges::all_of(host.substr(1, host.size() - 2), [](char c) {
             return is_lower_hex_digit(c) || c == ':' || c == '.';
           });
  }
  return !host.empty() && host.size() <= 253 && std::ranges::all_of(host, [](char c) {
    return is_lower_or_digit(c) || c == '.' || c == '-';
  });
}

bool is_port(std::string_view port) {
  return !port.empty() && port.size() <= 5 && std::ranges::all_of(port, is_digit);
}

bool is_region(std::string_view region) {
  return !region.empty() && region.size() <= 64 && std::ranges::all_of(region, [](char c) {
    return is_lower_or_digit(c) || c == '-' || c == '_';
  });
}

bool has_ipv4_form(std::string_view name) {
  return std::ranges::count(name, '.') == 3 &&
         std::ranges::all_of(name, [](char c) { return is_digit(c) || c == '.'; });
}

}  // namespace

Result<S3Endpoint> S3Endpoint::parse(std::string_view url) {
  constexpr std::string_view prefix = "s3:";
  constexpr std::string_view https = "https://";
  constexpr std::string_view http = "http://";
  constexpr std::string_view region_is = "region=";
  if (!url.starts_with(prefix)) return invalid(std::string(form));
  url.remove_prefix(prefix.size());
  const bool is_secure = url.starts_with(https);
  if (!is_secure && !url.starts_with(http)) return invalid(std::string(form));
  S3Endpoint endpoint{.scheme = is_secure ? "https" : "http", .authority = {}, .region = {}};
  url.remove_prefix(is_secure ? https.size() : http.size());

  const std::string_view query = url.substr(std::min(url.find('?'), url.size()));
  std::string_view authority = url.substr(0, url.find('?'));
  if (authority.ends_with('/')) authority.remove_suffix(1);
  const std::size_t colon = authority.ends_with(']') ? authority.npos : authority.rfind(':');
  const std::string_view host = authority.substr(0, colon);
  if (!is_host(host)) return invalid(std::string(form));
  if (colon != authority.npos && !is_port(authority.substr(colon + 1))) {
    return invalid(std::string(form));
  }
  if (!is_secure && !http::is_loopback_host(host)) {
    return invalid("An object store on another machine is reached over https only.");
  }
  // The Host field leaves the scheme's own port out, and it is signed.
  const std::string_view own_port = is_secure ? ":443" : ":80";
  if (authority.ends_with(own_port)) authority.remove_suffix(own_port.size());
  endpoint.authority = authority;
  endpoint.region = "us-east-1";
  if (query.empty()) return endpoint;
  if (!query.substr(1).starts_with(region_is)) return invalid(std::string(form));
  endpoint.region = query.substr(1 + region_is.size());
  if (!is_region(endpoint.region)) return invalid(std::string(form));
  return endpoint;
}

std::string S3Endpoint::authority_of(std::string_view bucket) const {
  const bool in_path = addressing == Addressing::path || bucket.empty() ||
                       bucket.find('.') != std::string_view::npos;
  return in_path ? authority : std::string(bucket) + "." + authority;
}

std::string S3Endpoint::path_of(std::string_view bucket, std::string_view key) const {
  std::string path = "/";
  if (authority_of(bucket) == authority && !bucket.empty()) {
    path += bucket;
    if (!key.empty()) path += '/';
  }
  while (true) {
    const std::size_t slash = key.find('/');
    path += percent_encode(key.substr(0, slash));
    if (slash == std::string_view::npos) return path;
    path += '/';
    key.remove_prefix(slash + 1);
  }
}

bool is_bucket_name(std::string_view name) {
  return name.size() >= 3 && name.size() <= 63 && is_lower_or_digit(name.front()) &&
         is_lower_or_digit(name.back()) && name.find("..") == name.npos && !has_ipv4_form(name) &&
         std::ranges::all_of(name,
                             [](char c) { return is_lower_or_digit(c) || c == '.' || c == '-'; });
}

}  // namespace hallmark::objects
