#include "http/target.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string>

#include "http/ascii.h"

namespace hallmark::http {
namespace {

constexpr std::size_t port_digits_max = 5;

Error bad(std::string message) { return {ErrorKind::bad_request, std::move(message), {}}; }

bool is_visible(char c) { return c > ' ' && c < '\x7f'; }

// Names are letters, digits, hyphens, dots and, in practice, underscores. The other characters that
// RFC 3986 allows in a reg-name occur in no host name, but in attacks on those who compare hosts.
bool is_name_character(char c) {
  return is_letter(c) || is_digit(c) || c == '-' || c == '.' || c == '_';
}

bool is_address_character(char c) { return is_hex_digit(c) || c == ':' || c == '.'; }

bool is_port(std::string_view text) {
  return !text.empty() && text.size() <= port_digits_max && std::ranges::all_of(text, is_digit);
}

// The rest of an absolute-form target after "http://" or "https://".
std::optional<std::string_view> without_scheme(std::string_view target) {
  static constexpr std::array<std::string_view, 2> schemes = {"http://", "https://"};
  for (const std::string_view scheme : schemes) {
    if (equal_without_case(target.substr(0, scheme.size()), scheme)) {
      return target.substr(scheme.size());
    }
  }
  return std::nullopt;
}

TargetParts split_origin(std::string_view origin) {
  const std::size_t mark = origin.find('?');
  const std::string_view path = origin.substr(0, mark);
  return {.path = path.empty() ? "/" : path,
          .query = mark == std::string_view::npos ? "" : origin.substr(mark + 1)};
}

}  // namespace

Result<TargetParts> split_target(std::string_view target, std::string_view host) {
  if (!std::ranges::all_of(target, is_visible)) {
    return bad("The request target has a character that is not visible ASCII.");
  }
  if (target.find('#') != std::string_view::npos) {
    return bad("The request target has a fragment.");
  }
  if (target.starts_with('/')) return split_origin(target);

  const auto rest = without_scheme(target);
  if (!rest) return bad("The request target is neither a path nor an http URL.");
  const std::size_t authority_end = std::min(rest->find_first_of("/?"), rest->size());
  if (!equal_without_case(rest->substr(0, authority_end), host)) {
    return bad("The request target's authority differs from Host.");
  }
  return split_origin(rest->substr(authority_end));
}

Result<void> check_host(std::string_view host) {
  const bool is_literal = host.starts_with('[');
  const std::size_t name_end = is_literal ? host.find(']') : std::min(host.find(':'), host.size());
  if (name_end == std::string_view::npos) return bad("Host is not valid.");

  const std::string_view name = host.substr(is_literal ? 1 : 0, name_end - (is_literal ? 1 : 0));
  const std::string_view after = host.substr(name_end + (is_literal ? 1 : 0));
  const bool name_fits =
      !name.empty() &&
      std::ranges::all_of(name, is_literal ? is_address_character : is_name_character);
  const bool port_fits = after.empty() || (after.starts_with(':') && is_port(after.substr(1)));
  if (!name_fits || !port_fits) return bad("Host is not valid.");
  return {};
}

}  // namespace hallmark::http
