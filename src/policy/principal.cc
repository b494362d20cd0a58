#include "policy/principal.h"

#include <algorithm>
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
    return Principal{.kind = PrincipalKind::account, .name = arn->account};
  }
  // "You cannot use a wildcard to match part of a principal name or ARN."
  if (arn->resource.find_first_of("*?") != std::string::npos || arn->resource.ends_with('/')) {
    return wrong;
  }
  for (const PrincipalType& type : one_principal) {
    if (arn->service == type.service && arn->resource.starts_with(type.resource_prefix)) {
      return Principal{.kind = PrincipalKind::one,
                       .name = written.text,
                       .sessions_prefix = sessions_prefix_of(*arn)};
    }
  }
  return wrong;
}

Result<Principal> parse_aws(const TextAt& written) {
  if (written.text == "*") return Principal{};
  if (model::AccountId::parse(written.text)) {
    return Principal{.kind = PrincipalKind::account, .name = written.text};
  }
  return parse_arn(written);
}

constexpr std::string_view digits = "0123456789";
constexpr std::string_view host_characters =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-";
constexpr std::string_view more_path_characters = "_~%/";

bool is_in_path(char c) {
  return host_characters.find(c) != std::string_view::npos ||
         more_path_characters.find(c) != std::string_view::npos;
}

// "accounts.google.com", or arn:aws:iam::123456789012:oidc-provider/accounts.google.com.
Result<Principal> parse_federated(const TextAt& written) {
  constexpr std::string_view provider_prefix = "oidc-provider/";
  Principal issuer{.kind = PrincipalKind::issuer, .name = written.text};
  const auto arn = model::Arn::parse(written.text);
  if (arn && arn->service == "iam" && arn->region.empty() && !arn->account.empty() &&
      arn->resource.starts_with(provider_prefix)) {
    issuer.name = arn->resource.substr(provider_prefix.size());
    issuer.provider_account = arn->account;
  }
  if (is_issuer(issuer.name)) return issuer;
  return invalid(fmt::format(
      "{} must be HOST/PATH of an OpenID Connect issuer, or the ARN of its oidc-provider.",
      written.path));
}

struct PrincipalMember {
  std::string_view name;
  Result<Principal> (*parse)(const TextAt& written);
};
constexpr std::array principal_members = {PrincipalMember{"AWS", parse_aws},
                                          PrincipalMember{"Federated", parse_federated}};

std::string account_of(std::string_view resource) {
  const auto arn = model::Arn::parse(resource);
  return arn ? arn->account : std::string();
}

// Of a user or a session as a whole; of a role, in any of its sessions ("AROA…:SESSION").
bool has_id(const Question& question, std::string_view unique_id) {
  if (!question.principal_id.starts_with(unique_id)) return false;
  const std::string_view rest = question.principal_id.substr(unique_id.size());
  return rest.empty() || rest.front() == ':';
}

}  // namespace

Result<std::vector<Principal>> parse_principals(const JsonValue& element) {
  if (element.is_text()) {
    TRY(auto text, element.text());
    if (text == "*") return std::vector{Principal{}};
    return invalid(fmt::format("{} must be * or an object with the members AWS or Federated.",
                               element.path()));
  }
  TRY(auto object, element.object());
  std::vector<Principal> principals;
  for (const auto& [name, value] : object.members()) {
    const auto* member = std::ranges::find(principal_members, name, &PrincipalMember::name);
    if (member == principal_members.end()) {
      return invalid(fmt::format("{} does not call this service: principals are AWS or Federated.",
                                 value.path()));
    }
    TRY(auto texts, read_texts(value, Scalars::text_only));
    for (const TextAt& text : texts) {
      TRY(auto principal, member->parse(text));
      principals.push_back(std::move(principal));
    }
  }
  if (!principals.empty()) return principals;
  return invalid(fmt::format("{} must have the member AWS or Federated.", element.path()));
}

bool is_issuer(std::string_view text) {
  const std::size_t slash = std::min(text.find('/'), text.size());
  const std::string_view authority = text.substr(0, slash);
  const std::string_view host = authority.substr(0, authority.find(':'));
  const std::string_view port = authority.substr(host.size());
  if (host.empty() || host.find_first_not_of(host_characters) != host.npos) return false;
  if (port == ":" || port.find_first_not_of(digits, 1) != port.npos) return false;
  return std::ranges::all_of(text.substr(slash), is_in_path);
}

bool is_caller(const Principal& principal, const Question& question) {
  switch (principal.kind) {
    case PrincipalKind::everyone: return true;
    case PrincipalKind::account: return principal.name == question.principal_account;
    case PrincipalKind::one:
      if (!principal.unique_id.empty()) return has_id(question, principal.unique_id);
      return principal.name == question.principal_arn ||
             (!principal.sessions_prefix.empty() &&
              question.principal_arn.starts_with(principal.sessions_prefix));
    case PrincipalKind::issuer:
      return principal.name == question.federated_issuer &&
             (principal.provider_account.empty() ||
              principal.provider_account == account_of(question.resource));
  }
  CHECK(false);
  return false;
}

}  // namespace hallmark::policy
