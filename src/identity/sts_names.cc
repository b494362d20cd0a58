#include "identity/sts_names.h"

#include <algorithm>
#include <string>

#include <fmt/format.h>

#include "base/printable.h"
#include "policy/policy.h"

namespace hallmark::identity {
namespace {

constexpr std::size_t session_policy_characters_max = 2048;

struct Bounds {
  std::size_t min;
  std::size_t max;
};

bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

Result<void> check_length(std::string_view parameter, std::size_t length, Bounds bounds) {
  if (length < bounds.min) {
    return validation_error(
        parameter, fmt::format("Member must have length greater than or equal to {}", bounds.min));
  }
  if (length > bounds.max) {
    return validation_error(
        parameter, fmt::format("Member must have length less than or equal to {}", bounds.max));
  }
  return {};
}

Result<void> check_characters(std::string_view parameter, std::string_view text,
                              std::string_view beside_words, std::string_view pattern) {
  const bool right = std::ranges::all_of(
      text, [&](char c) { return is_word(c) || beside_words.find(c) != std::string_view::npos; });
  if (right) return {};
  return validation_error(
      parameter, fmt::format("Member must satisfy regular expression pattern: {}", pattern));
}

// The characters of [\u0009\u000A\u000D\u0020-\u00FF]+; nothing if there are others. In UTF-8 those
// from U+0080 are 0xC2 or 0xC3 and one more byte.
std::optional<std::size_t> count_latin_characters(std::string_view text) {
  std::size_t count = 0;
  for (std::size_t i = 0; i < text.size(); ++i, ++count) {
    const auto byte = static_cast<unsigned char>(text[i]);
    const bool is_space = byte == '\t' || byte == '\n' || byte == '\r';
    if (is_space || (byte >= 0x20 && byte < 0x80)) continue;
    const bool leads = byte == 0xc2 || byte == 0xc3;
    if (!leads || i + 1 == text.size()) return std::nullopt;
    const auto next = static_cast<unsigned char>(text[++i]);
    if (next < 0x80 || next > 0xbf) return std::nullopt;
  }
  return count;
}

}  // namespace

Result<void> RoleSessionNameRule::check(std::string_view text) {
  TRY(check_length("roleSessionName", text.size(), {2, 64}));
  return check_characters("roleSessionName", text, "+=,.@-", "[\\w+=,.@-]*");
}

Result<void> ExternalIdRule::check(std::string_view text) {
  TRY(check_length("externalId", text.size(), {2, 1224}));
  return check_characters("externalId", text, "+=,.@:/-", "[\\w+=,.@:\\/-]*");
}

Result<void> SessionPolicyRule::check(std::string_view text) {
  const auto characters = count_latin_characters(text);
  if (!characters) {
    return validation_error("policy",
                            "Member must satisfy regular expression pattern: "
                            "[\\u0009\\u000A\\u000D\\u0020-\\u00FF]+");
  }
  TRY(check_length("policy", *characters, {1, session_policy_characters_max}));
  const auto document = policy::Document::parse(text, policy::DocumentKind::identity);
  if (!document) return invalid(document.error().message, "MalformedPolicyDocument");
  return {};
}

Result<access::RoleResource> parse_role_arn(const model::Home& home, std::string_view text) {
  constexpr std::string_view prefix = "role/";
  TRY(check_length("roleArn", text.size(), {20, 2048}));
  const auto arn = model::Arn::parse(text);
  const bool right = arn && arn->partition == home.partition && arn->service == "iam" &&
                     arn->region.empty() && arn->resource.starts_with(prefix) &&
                     arn->resource.size() > prefix.size() && is_printable(text);
  auto account = model::AccountId::parse(right ? arn->account : "");
  if (!account) return validation_error("roleArn", "Member must be the ARN of a role");
  return access::RoleResource{*std::move(account), arn->resource.substr(prefix.size())};
}

Error validation_error(std::string_view parameter, std::string_view constraint) {
  return invalid(
      fmt::format("1 validation error detected: Value at '{}' failed to satisfy constraint: {}",
                  parameter, constraint));
}

}  // namespace hallmark::identity
