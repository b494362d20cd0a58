#include "policy/statement.h"

#include <algorithm>

namespace hallmark::policy {
namespace {

template <std::movable T, std::predicate<const T&> Test>
bool matches(const Element<T>& element, Test test) {
  const bool any = std::ranges::any_of(element.values, test);
  return any == (element.polarity == Polarity::positive);
}

bool names_caller(const Statement& statement, const Question& question) {
  if (!statement.principals) return true;
  // Anybody can have a token of some issuer, so "*" lets none in: the statement has to name the
  // issuer. A Deny of "*" keeps everyone out.
  const bool by_name = statement.effect == Effect::allow && !question.federated_issuer.empty();
  return matches(*statement.principals, [&](const Principal& principal) {
    const bool named = !by_name || principal.kind != PrincipalKind::everyone;
    return named && is_caller(principal, question);
  });
}

bool names_action(const Statement& statement, const Question& question) {
  return matches(statement.actions, [&](const Pattern& pattern) {
    return matches(pattern, question.action, LetterCase::ignored);
  });
}

bool names_resource(const Statement& statement, const Question& question) {
  if (!statement.resources) return true;
  return matches(*statement.resources, [&](const Template& pattern) {
    return matches(pattern, question.resource, question);
  });
}

}  // namespace

bool matches(const Statement& statement, const Question& question) {
  const auto known = [&](const Variable& variable) { return is_known(variable, question); };
  const auto hold = [&](const Condition& condition) { return holds(condition, question); };
  return names_action(statement, question) && names_caller(statement, question) &&
         std::ranges::all_of(statement.variables, known) && names_resource(statement, question) &&
         std::ranges::all_of(statement.conditions, hold);
}

GrantedTo granted_to(const Statement& statement, const Question& question) {
  if (!statement.principals) return GrantedTo::caller;
  const auto is_itself = [&](const Principal& principal) {
    return principal.kind != PrincipalKind::account && is_caller(principal, question);
  };
  const bool itself = std::ranges::any_of(statement.principals->values, is_itself);
  return itself ? GrantedTo::caller : GrantedTo::account;
}

}  // namespace hallmark::policy
