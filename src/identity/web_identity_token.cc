#include "identity/web_identity_token.h"

#include <algorithm>
#include <cctype>
#include <optional>
#include <set>

#include <fmt/format.h>

#include "base/ascii.h"
#include "base/encoding.h"
#include "base/limits.h"
#include "base/printable.h"

namespace hallmark::identity {
namespace {

constexpr std::string_view scheme = "https://";
constexpr std::size_t subject_bytes_max = 255;  // OpenID Connect Core §2
constexpr std::size_t issuer_bytes_max = 255;   // IAM's bound on the URL of a provider
constexpr std::size_t claims_max = 128;
constexpr std::size_t claim_values_max = 256;
constexpr std::size_t claim_name_bytes_max = 64;
constexpr double clock_leeway_seconds = 60;  // an issuer's clock may be ahead of ours

Error not_a_token() {
  return invalid_token(
      "The ID Token provided is not a valid JWT. (You may see this error if you sent an Access "
      "Token)");
}

Result<JsonDocument> read_part(std::string_view base64url) {
  const auto bytes = from_base64url(base64url);
  if (!bytes) return not_a_token();
  auto document = JsonDocument::parse(text_of(*bytes));
  if (!document || !document->root().is_object()) return not_a_token();
  return document;
}

// RFC 7519 §2: seconds since 1970, which need not be whole.
Result<std::optional<double>> find_time(const JsonObject& claims, std::string_view name) {
  const auto claim = claims.find(name);
  if (!claim) return std::optional<double>();
  const auto seconds = claim->number();
  if (!seconds) return invalid_token(fmt::format("The claim {} must be a number.", name));
  return std::optional(*seconds);
}

Result<void> check_times(const JsonObject& claims, Timestamp now) {
  const double current = double(unix_millis(now)) / 1000;
  TRY(const auto expiry, find_time(claims, "exp"));
  if (!expiry) return invalid_token("Missing a required claim: exp");
  if (*expiry <= current) {
    return invalid(fmt::format("Token expired: current date/time {} must be before the expiration "
                               "date/time {:.0f}",
                               unix_seconds(now), *expiry),
                   "ExpiredTokenException");
  }
  for (const std::string_view name : {"nbf", "iat"}) {
    TRY(const auto time, find_time(claims, name));
    if (time && *time > current + clock_leeway_seconds) {
      return invalid_token("The web identity token is not valid yet.");
    }
  }
  return {};
}

Result<std::string> read_subject(const JsonObject& claims) {
  const auto claim = claims.find("sub");
  if (!claim) return invalid_token("Missing a required claim: sub");
  const auto subject = claim->text();
  if (!subject || subject->empty() || subject->size() > subject_bytes_max ||
      !is_printable(*subject)) {
    return invalid_token("The claim sub must be a text of 1 to 255 characters.");
  }
  return std::string(*subject);
}

// The text or texts of a claim; nothing for a claim of another type.
std::optional<std::vector<std::string>> texts_of(const JsonValue& claim) {
  std::vector<std::string> texts;
  if (claim.is_text()) {
    texts.emplace_back(*claim.text());
    return texts;
  }
  const auto values = claim.array();
  if (!values) return std::nullopt;
  for (const JsonValue& value : *values) {
    if (!value.is_text()) return std::nullopt;
    texts.emplace_back(*value.text());
  }
  return texts;
}

// RFC 7519 §4.1.3: one audience or several.
Result<std::vector<std::string>> read_audiences(const JsonObject& claims,
                                                const std::vector<std::string>& configured) {
  const auto claim = claims.find("aud");
  const auto named = claim ? texts_of(*claim) : std::nullopt;
  std::vector<std::string> matching;
  for (const std::string& audience : configured) {
    if (named && std::ranges::find(*named, audience) != named->end()) matching.push_back(audience);
  }
  if (matching.empty()) return invalid_token("Incorrect token audience");
  return matching;
}

// Others could be taken for the keys of another issuer, whose name may hold ':' and '/'.
bool is_claim_name(std::string_view name) {
  return !name.empty() && name.size() <= claim_name_bytes_max &&
         std::ranges::all_of(name, [](unsigned char c) {
           return std::isalnum(c) != 0 || c == '_' || c == '-' || c == '.';
         });
}

// Condition keys compare without case, claims with it: two that differ by case alone would be one.
Result<access::Context> read_claims(const JsonObject& claims, std::string_view issuer) {
  const auto members = claims.members();
  if (members.size() > claims_max) return invalid_token("The token has too many claims.");
  access::Context context;
  std::set<std::string> names;
  for (const auto& [name, value] : members) {
    if (!is_claim_name(name)) continue;
    if (!names.insert(lower(name)).second) {
      return invalid_token("The names of two claims differ by case alone.");
    }
    if (name == "iss" || name == "sub" || name == "aud") continue;
    auto texts = texts_of(value);
    if (!texts) continue;
    if (texts->size() > claim_values_max) return invalid_token("A claim has too many values.");
    context.push_back({fmt::format("{}:{}", issuer, name), *std::move(texts)});
  }
  return context;
}

}  // namespace

Error invalid_token(std::string message) {
  return invalid(std::move(message), "InvalidIdentityToken");
}

std::string_view issuer_name(std::string_view url) {
  return url.starts_with(scheme) ? url.substr(scheme.size()) : url;
}

Result<WebIdentityToken> parse_web_identity_token(std::string_view token) {
  if (token.size() > limits::web_identity_token_bytes_max) return not_a_token();
  const std::size_t first = token.find('.');
  const std::size_t second = token.find('.', first == token.npos ? first : first + 1);
  if (second == token.npos) return not_a_token();
  TRY(const auto header_json, read_part(token.substr(0, first)));
  TRY(auto claims, read_part(token.substr(first + 1, second - first - 1)));
  auto signature = from_base64url(token.substr(second + 1));  // a third dot is none of its letters
  if (!signature || signature->empty()) return not_a_token();

  TRY(const auto header, header_json.root().object());
  // RFC 7515 §4.1.11: extensions that must be understood; we know none.
  if (header.find("crit")) return not_a_token();
  const auto algorithm_name = header.find_text("alg");
  const auto key_id = header.find_text("kid");
  if (!algorithm_name || !key_id) return not_a_token();
  const auto algorithm = crypto::find_jws_algorithm(algorithm_name->value_or(""));
  if (!algorithm) return invalid_token("The token's algorithm is not supported.");

  TRY(const auto root, claims.root().object());
  const auto issuer = root.find_text("iss");
  if (!issuer) return not_a_token();
  const std::string_view url = issuer->value_or("");
  if (url.empty() || url.size() > issuer_bytes_max || !is_printable(url)) {
    return invalid_token("Missing a required claim: iss");
  }
  return WebIdentityToken{.algorithm = *algorithm,
                          .key_id = std::string(key_id->value_or("")),
                          .signing_input = token.substr(0, second),
                          .signature = *std::move(signature),
                          .claims = std::move(claims),
                          .issuer = std::string(url)};
}

Result<WebIdentity> judge_claims(const JsonDocument& document, std::string_view issuer_url,
                                 const std::vector<std::string>& audiences, Timestamp now) {
  const std::string_view issuer = issuer_name(issuer_url);
  TRY(const auto claims, document.root().object());
  TRY(auto matching, read_audiences(claims, audiences));
  TRY(check_times(claims, now));
  TRY(auto subject, read_subject(claims));
  TRY(auto context, read_claims(claims, issuer));
  std::string audience = matching.front();
  context.push_back({fmt::format("{}:sub", issuer), {subject}});
  context.push_back({fmt::format("{}:aud", issuer), std::move(matching)});
  return WebIdentity{.issuer = std::string(issuer),
                     .subject = std::move(subject),
                     .audience = std::move(audience),
                     .claims = std::move(context)};
}

}  // namespace hallmark::identity
