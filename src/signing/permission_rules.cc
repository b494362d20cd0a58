#include "signing/permission_rules.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "access/resource_policy.h"
#include "base/json.h"
#include "model/platform.h"
#include "model/text_rules.h"

namespace hallmark::signing {
namespace {

constexpr std::size_t statement_id_max = 64;  // the message says "less than 64"; 64 are accepted
constexpr std::size_t role_name_max = 64;     // IAM's own limits
constexpr std::size_t role_path_max = 512;

bool statement_id_character(char c) { return model::is_alphanumeric(c) || c == '_' || c == '-'; }

// IAM's characters of a role's name: `*` and `?` are none, so a principal names one role.
bool role_name_character(char c) {
  return model::is_alphanumeric(c) || std::string_view("_+=,.@-").find(c) != std::string_view::npos;
}

// "name" or "path/of/it/name".
bool is_role(std::string_view text) {
  const std::size_t slash = text.rfind('/');
  const std::size_t name_begin = slash == std::string_view::npos ? 0 : slash + 1;
  const auto path_character = [](char c) { return role_name_character(c) || c == '/'; };
  return model::consists_of(text.substr(name_begin), 1, role_name_max, role_name_character) &&
         model::consists_of(text.substr(0, name_begin), 0, role_path_max, path_character);
}

}  // namespace

Result<void> check_statement_id(std::string_view id) {
  if (id.empty()) return invalid("statementId cannot be empty.");
  if (!std::ranges::all_of(id, statement_id_character)) {
    return invalid(
        "Statement ID must contain only alphanumeric characters, underscores, and dashes",
        "InvalidPermissionStatement");
  }
  if (id.size() > statement_id_max) {
    return invalid("Statement ID must be less than 64 characters length",
                   "InvalidPermissionStatement");
  }
  return {};
}

Result<Grantee> parse_grantee(const model::Home& home, std::string_view principal) {
  if (auto account = model::AccountId::parse(principal)) return Grantee{*std::move(account), {}};
  constexpr std::string_view role_prefix = "role/";
  const auto arn = model::Arn::parse(principal);
  if (arn && arn->partition == home.partition && arn->service == "iam" && arn->region.empty() &&
      arn->resource.starts_with(role_prefix) &&
      is_role(std::string_view(arn->resource).substr(role_prefix.size()))) {
    if (auto account = model::AccountId::parse(arn->account)) {
      return Grantee{*std::move(account), arn->resource.substr(role_prefix.size())};
    }
  }
  return invalid("Principal is not a valid AWS account id or IAM Role Arn", "InvalidPrincipal");
}

Result<void> check_granted_action(const model::Profile& profile, std::string_view action) {
  const model::Platform* platform = model::find_platform(profile.platform_id);
  if (platform == nullptr) return internal_error("a stored profile names no known platform");
  const std::array<std::string_view, 3> allowed = {
      platform->job_platform ? "signer:StartSigningJob" : "signer:SignPayload",
      "signer:GetSigningProfile", "signer:RevokeSignature"};
  if (std::ranges::find(allowed, action) != allowed.end()) return {};
  return invalid(fmt::format("Action {} not supported for platform {}. Action must be one of [{}]",
                             action, platform->id, fmt::join(allowed, ", ")));
}

Result<void> check_version(const model::Profile& profile, std::string_view version) {
  if (version.empty() || version == profile.version.view()) return {};
  return not_found(
      fmt::format("Version {} does not exist for SigningProfile {}.", version, profile.name.view()),
      "ProfileVersionNotFound");
}

std::size_t policy_bytes(const model::Home& home, const model::Profile& profile,
                         Principals principals) {
  JsonWriter json;
  json.begin_array();
  for (const model::Permission& permission : profile.permissions.statements) {
    json.begin_object().member("Sid", permission.statement_id).member("Effect", "Allow");
    json.name("Principal").begin_object();
    json.member("AWS", principals == Principals::as_given
                           ? permission.principal
                           : access::principal_arn_of(home, permission.principal));
    json.end_object().member("Action", permission.action);
    json.member("Resource", model::profile_arn(home, profile.account, profile.name));
    if (!permission.profile_version.empty()) {
      json.name("Condition").begin_object().name("StringEquals").begin_object();
      json.member("signer:ProfileVersion", permission.profile_version).end_object().end_object();
    }
    json.end_object();
  }
  json.end_array();
  return json.take().size();
}

}  // namespace hallmark::signing
