#include <algorithm>

#include "policy/policy.h"
#include "policy/statement.h"

namespace hallmark::policy {

Finding Document::explain(const Question& question) const {
  Finding finding;
  for (std::size_t i = 0; i < parsed_->statements.size(); ++i) {
    const Statement& statement = parsed_->statements[i];
    const bool allowed = finding.verdict == Verdict::allowed;
    const bool nothing_new =
        statement.effect == Effect::allow && allowed && finding.granted_to == GrantedTo::caller;
    if (nothing_new || !matches(statement, question)) continue;
    if (statement.effect == Effect::deny) return {Verdict::denied, i, statement.sid};
    const GrantedTo grantee = granted_to(statement, question);
    if (allowed && grantee == GrantedTo::account) continue;
    finding = {Verdict::allowed, i, statement.sid, grantee};
  }
  return finding;
}

bool Document::asks_for_context() const {
  return std::ranges::any_of(parsed_->statements, [](const Statement& statement) {
    return !statement.conditions.empty() || !statement.variables.empty();
  });
}

}  // namespace hallmark::policy
