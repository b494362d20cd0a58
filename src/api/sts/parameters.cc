#include "api/sts/parameters.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "api/fields.h"
#include "base/ascii.h"

namespace hallmark::api {
namespace {

constexpr std::int64_t duration_seconds_min = 900;
constexpr std::int64_t role_duration_seconds_max = 43'200;

// "RoleArn" → "roleArn", as STS names members when it refuses them.
std::string member_name(std::string_view parameter) {
  std::string name(parameter);
  if (!name.empty()) name[0] = lower(name[0]);
  return name;
}

}  // namespace

Result<std::string> get_parameter(const Query& query, std::string_view name) {
  std::string value = query.get(name);
  if (!value.empty()) return value;
  return invalid(
      fmt::format("1 validation error detected: Value null at '{}' failed to satisfy constraint: "
                  "Member must not be null",
                  member_name(name)));
}

Result<std::optional<std::int64_t>> read_duration(const Query& query, std::int64_t seconds_max) {
  constexpr std::string_view name = "durationSeconds";
  const std::string text = query.get("DurationSeconds");
  if (text.empty()) return std::optional<std::int64_t>();
  std::int64_t seconds = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (fault != std::errc() || end != text.data() + text.size()) {
    return identity::validation_error(name, "Member must be an integer");
  }
  if (seconds < duration_seconds_min) {
    return identity::validation_error(
        name,
        fmt::format("Member must have value greater than or equal to {}", duration_seconds_min));
  }
  if (seconds > seconds_max) {
    return identity::validation_error(
        name, fmt::format("Member must have value less than or equal to {}", seconds_max));
  }
  return std::optional(seconds);
}

Result<void> refuse_parameters(const Query& query, std::span<const std::string_view> names) {
  for (const std::string_view name : names) {
    if (!query.get(name).empty() || query.has_prefix(fmt::format("{}.", name))) {
      return invalid(fmt::format("The parameter {} is not supported.", name));
    }
  }
  return {};
}

Result<RoleParameters> read_role_parameters(const Query& query, const model::Home& home) {
  TRY(auto role_arn, get_parameter(query, "RoleArn"));
  TRY(auto role, identity::parse_role_arn(home, role_arn));
  TRY(const auto name, get_parameter(query, "RoleSessionName"));
  TRY(auto session_name, identity::RoleSessionName::parse(name));
  // An empty policy is refused, for it would narrow nothing.
  std::optional<identity::SessionPolicy> policy;
  if (query.has_prefix("Policy") && !query.list("Policy").empty()) {
    TRY(policy, identity::SessionPolicy::parse(query.get("Policy")));
  }
  TRY(const auto duration, read_duration(query, role_duration_seconds_max));
  return RoleParameters{.role = std::move(role),
                        .role_arn = std::move(role_arn),
                        .session_name = std::move(session_name),
                        .policy = std::move(policy),
                        .duration_seconds = duration};
}

void write_credentials(XmlWriter& xml, const identity::TemporaryCredentials& credentials) {
  xml.begin("Credentials").element("AccessKeyId", credentials.access_key_id);
  xml.element("SecretAccessKey", text_of(credentials.secret_access_key.reveal()));
  xml.element("SessionToken", credentials.session_token);
  xml.element("Expiration", to_rfc3339(credentials.expires_at)).end("Credentials");
}

void write_assumed_role(XmlWriter& xml, const identity::AssumedRole& role) {
  xml.begin("AssumedRoleUser").element("AssumedRoleId", role.id).element("Arn", role.arn);
  xml.end("AssumedRoleUser");
  write_credentials(xml, role.credentials);
  if (role.packed_policy_percent) xml.element("PackedPolicySize", *role.packed_policy_percent);
}

}  // namespace hallmark::api
