// An issuer serves many: of GitHub's, everybody has tokens. So trust in web identities names whom
// it means, as IAM wants it for the issuers that it knows to be shared.

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "policy/statement.h"

namespace hallmark::policy {
namespace {

// RFC 7519 §4.1.2, §4.1.3.
constexpr std::array<std::string_view, 2> needed_claims = {"sub", "aud"};

bool is_anything(const ConditionValue& value) {
  return value.text.is_fixed() && std::ranges::all_of(value.operand.pattern, [](Symbol symbol) {
           return symbol == Symbol::any_run || symbol == Symbol::any_one;
         });
}

// Whether the condition fails for a token without this claim, and for some with it.
bool narrows(const Condition& condition, std::string_view key) {
  const Operator& comparison = *condition.comparison;
  return equals_ignoring_case(condition.key, key) && comparison.type == ValueType::text &&
         comparison.polarity == Polarity::positive && comparison.subject == Subject::values &&
         condition.if_missing == IfMissing::decide &&
         condition.set_operator != SetOperator::for_all_values &&
         std::ranges::none_of(condition.values, is_anything);
}

Result<void> check_statement(const Statement& statement, std::size_t index) {
  if (statement.effect != Effect::allow || !statement.principals) return {};
  for (const Principal& principal : statement.principals->values) {
    if (principal.kind != PrincipalKind::issuer) continue;
    for (const std::string_view claim : needed_claims) {
      const std::string key = fmt::format("{}:{}", principal.name, claim);
      if (std::ranges::any_of(statement.conditions,
                              [&](const Condition& each) { return narrows(each, key); })) {
        continue;
      }
      return invalid(
          fmt::format("Statement[{}].Condition must compare {} by StringEquals or StringLike with "
                      "values that are not wildcards alone.",
                      index, key));
    }
  }
  return {};
}

}  // namespace

Result<void> Document::check_federation() const {
  for (std::size_t i = 0; i < parsed_->statements.size(); ++i) {
    TRY(check_statement(parsed_->statements[i], i));
  }
  return {};
}

}  // namespace hallmark::policy
