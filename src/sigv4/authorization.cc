#include <algorithm>
#include <array>
#include <optional>

#include <fmt/format.h>

#include "base/clock.h"
#include "sigv4/sigv4.h"

namespace hallmark::sigv4 {
namespace {

constexpr std::string_view algorithm = "AWS4-HMAC-SHA256";
constexpr std::string_view scope_end = "aws4_request";
constexpr std::size_t signature_digits = 64;

Error incomplete(std::string message) {
  return {.kind = ErrorKind::incomplete_signature, .message = std::move(message), .detail = {}};
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
bool is_word(char c) { return is_digit(c) || is_lower(c) || (c >= 'A' && c <= 'Z') || c == '_'; }
bool is_label(char c) { return is_word(c) || c == '-'; }
bool is_lower_hex(char c) { return is_digit(c) || (c >= 'a' && c <= 'f'); }
// RFC 9110 §5.6.2, without the upper case.
bool is_lower_token(char c) {
  return is_digit(c) || is_lower(c) ||
         std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
}

bool is_all(std::string_view text, bool (*test)(char)) {
  return !text.empty() && std::ranges::all_of(text, test);
}

bool is_date(std::string_view text) {
  constexpr std::size_t date_digits = 8;
  return text.size() == date_digits && from_basic(std::string(text) + "T000000Z").has_value();
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  while (true) {
    const std::size_t end = text.find(separator);
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

// The three parts as they stand, each at most once.
struct Parts {
  std::optional<std::string_view> credential, signed_headers, signature;
};

struct PartName {
  std::string_view name;
  std::optional<std::string_view> Parts::*part;
};
constexpr std::array part_names = {
    PartName{"Credential", &Parts::credential},
    PartName{"SignedHeaders", &Parts::signed_headers},
    PartName{"Signature", &Parts::signature},
};

// Requires text after the algorithm: "Credential=…, SignedHeaders=…,Signature=…" in any order.
Result<Parts> split_parts(std::string_view text) {
  Parts parts;
  for (std::string_view part : split(text, ',')) {
    part.remove_prefix(std::min(part.find_first_not_of(' '), part.size()));
    const std::size_t equals = part.find('=');
    const auto* named = std::ranges::find(part_names, part.substr(0, equals), &PartName::name);
    if (equals == std::string_view::npos || named == part_names.end()) {
      return incomplete(
          "Authorization header has a parameter that is not one of 'Credential', "
          "'SignedHeaders' and 'Signature'.");
    }
    if (parts.*named->part) {
      return incomplete(fmt::format("Authorization header has two '{}' parameters.", named->name));
    }
    parts.*named->part = part.substr(equals + 1);
  }
  for (const PartName& named : part_names) {
    if (!(parts.*named.part)) {
      return incomplete(fmt::format("Authorization header requires '{}' parameter.", named.name));
    }
  }
  return parts;
}

struct Credential {
  std::string access_key_id;
  Scope scope;
};

Result<Credential> parse_credential(std::string_view text) {
  const std::vector<std::string_view> parts = split(text, '/');
  if (parts.size() != 5 || parts[4] != scope_end) {
    return incomplete("Credential must have the form KEY/DATE/REGION/SERVICE/aws4_request.");
  }
  if (!is_all(parts[0], is_word)) return incomplete("Credential must name an access key id.");
  if (!is_date(parts[1])) return incomplete("Credential must have a date of the form YYYYMMDD.");
  if (!is_all(parts[2], is_label)) return incomplete("Credential must name a region.");
  if (!is_all(parts[3], is_label)) return incomplete("Credential must name a service.");
  return Credential{.access_key_id = std::string(parts[0]),
                    .scope = {std::string(parts[1]), std::string(parts[2]), std::string(parts[3])}};
}

Result<std::vector<std::string>> parse_signed_headers(std::string_view text) {
  const std::vector<std::string_view> names = split(text, ';');
  if (!std::ranges::all_of(names, [](auto name) { return is_all(name, is_lower_token); })) {
    return incomplete("SignedHeaders must be names of headers in lower case, separated by ';'.");
  }
  if (std::ranges::adjacent_find(names, std::ranges::greater_equal()) != names.end()) {
    return incomplete("SignedHeaders must be sorted, each name once.");
  }
  return std::vector<std::string>(names.begin(), names.end());
}

std::string lower_case(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = char(c + ('a' - 'A'));
  }
  return lower;
}

}  // namespace

Result<Authorization> parse_authorization(std::string_view header) {
  if (!header.starts_with(algorithm) || !header.substr(algorithm.size()).starts_with(' ')) {
    return incomplete("Authorization header requires the algorithm AWS4-HMAC-SHA256.");
  }
  TRY(const Parts parts, split_parts(header.substr(algorithm.size() + 1)));
  TRY(auto credential, parse_credential(*parts.credential));
  TRY(auto signed_headers, parse_signed_headers(*parts.signed_headers));
  if (parts.signature->size() != signature_digits || !is_all(*parts.signature, is_lower_hex)) {
    return incomplete("Signature must be 64 hexadecimal digits in lower case.");
  }
  return Authorization{.access_key_id = std::move(credential.access_key_id),
                       .scope = std::move(credential.scope),
                       .signed_headers = std::move(signed_headers),
                       .signature_hex = std::string(*parts.signature)};
}

std::string authorize(const RequestView& request, std::string_view payload_sha256_hex,
                      std::string_view time, std::string_view access_key_id, const Scope& scope,
                      const Secret& signing_key, PathStyle style) {
  std::vector<std::string> names;
  for (const auto& [name, value] : request.headers) names.push_back(lower_case(name));
  std::ranges::sort(names);
  names.erase(std::unique(names.begin(), names.end()), names.end());

  const std::string canonical = canonical_request(request, names, payload_sha256_hex, style);
  const std::string signature = signature_hex(signing_key, string_to_sign(time, scope, canonical));
  return fmt::format("{} Credential={}/{}, SignedHeaders={}, Signature={}", algorithm,
                     access_key_id, scope.text(), fmt::join(names, ";"), signature);
}

}  // namespace hallmark::sigv4
