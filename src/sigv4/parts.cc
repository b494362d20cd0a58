#include "sigv4/parts.h"

#include <algorithm>

#include "base/ascii.h"
#include "base/clock.h"

namespace hallmark::sigv4 {
namespace {

constexpr std::string_view scope_end = "aws4_request";
constexpr std::size_t signature_digits = 64;
constexpr std::size_t parts_usual = 8;  // of a header's value, a credential, a list of names

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
bool is_word(char c) { return is_digit(c) || is_lower(c) || (c >= 'A' && c <= 'Z') || c == '_'; }
bool is_label(char c) { return is_word(c) || c == '-'; }
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

}  // namespace

Result<Authorization> read_authorization(const AuthorizationTexts& texts) {
  TRY(auto credential, parse_credential(texts.credential));
  TRY(auto signed_headers, parse_signed_headers(texts.signed_headers));
  if (texts.signature.size() != signature_digits || !is_all(texts.signature, is_lower_hex_digit)) {
    return incomplete("Signature must be 64 hexadecimal digits in lower case.");
  }
  return Authorization{.access_key_id = std::move(credential.access_key_id),
                       .scope = std::move(credential.scope),
                       .signed_headers = std::move(signed_headers),
                       .signature_hex = std::string(texts.signature)};
}

Error incomplete(std::string message) {
  return {.kind = ErrorKind::incomplete_signature, .message = std::move(message), .detail = {}};
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  parts.reserve(parts_usual);
  while (true) {
    const std::size_t end = text.find(separator);
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

std::vector<std::string> signed_header_names(const RequestView& request) {
  std::vector<std::string> names;
  for (const auto& [name, value] : request.headers) names.push_back(lower(name));
  std::ranges::sort(names);
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

}  // namespace hallmark::sigv4
