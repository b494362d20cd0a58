#include "policy/principal.h"

#include <array>

#include <fmt/format.h>

#include "model/arn.h"
#include "model/names.h"
#include "policy/read_json.h"

namespace hallmark::policy {
namespace {

struct PrincipalType {
  std::string_view service;
  std::string_view resource_prefix;
};
constexpr std::array one_principal = {
    PrincipalType{"iam", "user/"},
    PrincipalType{"iam", "role/"},
    PrincipalType{"sts", "assumed-role/"},
    PrincipalType{"sts", "federated-user/"},
};

// A session is named by its role's name without the path.
std::string sessions_prefix_of(const model::Arn& arn) {
  if (arn.service != "iam" || !arn.resource.starts_with("role/")) return {};
  const std::string name = arn.resource.substr(arn.resource.rfind('/') + 1);
  return fmt::format("arn:{}:sts::{}:assumed-role/{}/", arn.partition, arn.account, name);
}

Result<Principal> parse_arn(const TextAt& written) {
  const Error wrong = invalid(fmt::format(
      "{} must be *, an account id, or the ARN of an account, a user or a role.", written.path));
  const auto arn = model::Arn::parse(written.text);
  if (!arn || arn->account.empty() || !arn->region.empty()) return wrong;
  if (arn->service == "iam" && arn->resource == "root") {
    return Principal{PrincipalKind::account, arn->account, {}};
  }
  // "You cannot use a wildcard to match part of a principal name or ARN."
  if (arn->resource.find_first_of("*?") != std::string::npos || arn->resource.ends_with('/')) {
    return wrong;
  }
  for (const PrincipalType& type : one_principal) {
    if (arn->service == type.service && arn->resource.starts_with(type.resource_prefix)) {
      return Principal{PrincipalKind::one, written.text, sessions_prefix_of(*arn)};
    }
  }
  return wrong;
}

Result<Principal> parse_principal(const TextAt& written) {
  if (written.text == "*") return Principal{};
  if (model::AccountId::parse(written.text)) {
    return Principal{PrincipalKind::account, written.text, {}};
  }
  return parse_arn(written);
}

}  // namespace

Result<std::vector<Principal>> parse_principals(const JsonValue& element) {
  if (element.is_text()) {
    TRY(auto text, element.text());
    if (text == "*") return std::vector{Principal{}};
    return invalid(fmt::format("{} must be * or an object with the member AWS.", element.path()));
  }
  TRY(auto object, element.object());
  for (const auto& [name, value] : object.members()) {
    if (name != "AWS") return invalid(fmt::format("{} is not a type of principal.", value.path()));
  }
  TRY(auto aws, object.get("AWS"));
  TRY(auto texts, read_texts(aws, Scalars::text_only));
  std::vector<Principal> principals;
  for (const TextAt& text : texts) {
    TRY(auto principal, parse_principal(text));
    principals.push_back(std::move(principal));
  }
  return principals;
}

bool is_caller(const Principal& principal, const Question& question) {
  switch (principal.kind) {
    case PrincipalKind::everyone: return true;
    case PrincipalKind::account: return principal.name == question.principal_account;
    case PrincipalKind::one:
      return principal.name == question.principal_arn ||
             (!principal.sessions_prefix.empty() &&
              question.principal_arn.starts_with(principal.sessions_prefix));
  }
  CHECK(false);
  return false;
}

}  // namespace hallmark::policy
