#include "identity/trust_policy.h"

#include <algorithm>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "policy/policy.h"
#include "store/identities.h"

namespace hallmark::identity {
namespace {

Error malformed(std::string message) {
  return invalid(std::move(message), "MalformedPolicyDocument");
}

// A user, a role, or one session of a role.
struct Named {
  store::PrincipalPlace place;
  std::string session = {};  // empty: all of it
};

// Nothing: no principal here has such an ARN.
std::optional<Named> find_named(const model::Home& home, const model::AccountId& account,
                                const model::Arn& arn) {
  static constexpr std::string_view user = "user/", role = "role/", assumed_role = "assumed-role/";
  if (arn.partition != home.partition) return std::nullopt;
  const std::string& resource = arn.resource;
  if (arn.service == "iam" && resource.starts_with(user)) {
    return Named{{account, store::PrincipalKind::user, resource.substr(user.size())}};
  }
  if (arn.service == "iam" && resource.starts_with(role)) {
    return Named{{account, store::PrincipalKind::role, resource.substr(role.size())}};
  }
  if (arn.service != "sts" || !resource.starts_with(assumed_role)) return std::nullopt;
  const std::string rest = resource.substr(assumed_role.size());
  const std::size_t slash = rest.find('/');
  if (slash == std::string::npos) return std::nullopt;
  return Named{{account, store::PrincipalKind::role, rest.substr(0, slash)},
               rest.substr(slash + 1)};
}

// Empty: it is of an account that is not kept here.
Result<std::string> unique_id_of(store::Reader& rows, const model::Home& home,
                                 const std::string& text) {
  TRY(const auto arn, model::Arn::parse(text));
  const auto account = model::AccountId::parse(arn.account);
  if (!account) return std::string();
  TRY(const bool kept, store::has_account(rows, *account));
  if (!kept) return std::string();
  const Error nobody = malformed(fmt::format("Invalid principal in policy: \"AWS\":\"{}\"", text));
  const auto named = find_named(home, *account, arn);
  if (!named) return nobody;
  const store::PrincipalPlace& place = named->place;
  TRY(const auto row, store::find_principal_by_name(rows, *account, place.kind, place.name));
  if (!row) return nobody;
  return named->session.empty() ? row->unique_id
                                : fmt::format("{}:{}", row->unique_id, named->session);
}

}  // namespace

Result<void> check_trust_policy(const std::string& json) {
  const auto parsed = policy::Document::parse(json, policy::DocumentKind::resource);
  const Result<void> fine = parsed ? parsed->check_federation() : parsed.error();
  if (fine) return {};
  return malformed(fine.error().message);
}

Result<model::StringMap> find_trusted_ids(store::Reader& rows, const model::Home& home,
                                          const std::string& trust_policy) {
  TRY(const auto document, policy::Document::parse(trust_policy, policy::DocumentKind::resource));
  auto arns = document.principal_arns();
  std::ranges::sort(arns);
  arns.erase(std::unique(arns.begin(), arns.end()), arns.end());
  model::StringMap ids;
  for (std::string& arn : arns) {
    TRY(auto unique_id, unique_id_of(rows, home, arn));
    if (!unique_id.empty()) ids.emplace_back(std::move(arn), std::move(unique_id));
  }
  return ids;
}

}  // namespace hallmark::identity
