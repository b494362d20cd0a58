#include "policy/policy.h"
#include "policy/statement.h"

namespace hallmark::policy {

Finding Document::explain(const Question& question) const {
  Finding finding;
  for (std::size_t i = 0; i < parsed_->statements.size(); ++i) {
    const Statement& statement = parsed_->statements[i];
    const bool nothing_new =
        statement.effect == Effect::allow && finding.verdict == Verdict::allowed;
    if (nothing_new || !matches(statement, question)) continue;
    if (statement.effect == Effect::deny) return {Verdict::denied, i, statement.sid};
    finding = {Verdict::allowed, i, statement.sid};
  }
  return finding;
}

}  // namespace hallmark::policy
