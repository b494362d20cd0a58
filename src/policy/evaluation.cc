#include "policy/evaluation.h"

#include <fmt/format.h>

#include "base/check.h"

namespace hallmark::policy {
namespace {

// What the policies of one type say.
struct Said {
  Verdict verdict = Verdict::not_mentioned;
  std::optional<MatchedStatement> matched;
};

Said ask(std::span<const Document> documents, const Question& question) {
  Said said;
  for (std::size_t i = 0; i < documents.size(); ++i) {
    const Finding finding = documents[i].explain(question);
    if (finding.verdict <= said.verdict) continue;
    said = {finding.verdict, MatchedStatement{i, finding.statement, std::string(finding.sid)}};
  }
  return said;
}

Said ask(const std::optional<Document>& document, const Question& question) {
  return document ? ask(std::span(&*document, 1), question) : Said();
}

bool allows(const Said& said) { return said.verdict == Verdict::allowed; }
bool denies(const Said& said) { return said.verdict == Verdict::denied; }

Evaluation decide(Decision decision, PolicyType type, const Said& said) {
  return {decision, type, said.matched};
}
Evaluation no_allow(PolicyType type) { return {Decision::implicit_deny, type, std::nullopt}; }

std::string_view name_of(PolicyType type) {
  switch (type) {
    case PolicyType::identity: return "identity-based";
    case PolicyType::session: return "session";
    case PolicyType::resource: return "resource-based";
  }
  CHECK(false);
  return {};
}

}  // namespace

Evaluation evaluate_identity(std::span<const Document> documents, const Question& question) {
  const Policies policies = {.identity = documents,
                             .session = {},
                             .resource = {},
                             .resource_account = question.principal_account};
  return evaluate(policies, question);
}

Evaluation evaluate(const Policies& policies, const Question& question) {
  const Said identity = ask(policies.identity, question);
  const Said session = ask(policies.session, question);
  const Said resource = ask(policies.resource, question);

  using enum Decision;
  if (denies(identity)) return decide(explicit_deny, PolicyType::identity, identity);
  if (denies(session)) return decide(explicit_deny, PolicyType::session, session);
  if (denies(resource)) return decide(explicit_deny, PolicyType::resource, resource);

  const bool same_account = !question.principal_account.empty() &&
                            policies.resource_account == question.principal_account;
  const bool resource_suffices = same_account && allows(resource);
  if (!allows(identity) && !resource_suffices) return no_allow(PolicyType::identity);
  if (!same_account && !allows(resource)) return no_allow(PolicyType::resource);
  if (policies.session && !allows(session)) return no_allow(PolicyType::session);

  if (allows(identity)) return decide(allowed, PolicyType::identity, identity);
  return decide(allowed, PolicyType::resource, resource);
}

std::string reason(const Evaluation& evaluation, std::string_view action) {
  const std::string_view type = name_of(evaluation.policy_type);
  switch (evaluation.decision) {
    case Decision::allowed: return {};
    case Decision::implicit_deny:
      return fmt::format("because no {} policy allows the {} action", type, action);
    case Decision::explicit_deny: {
      const auto article = evaluation.policy_type == PolicyType::identity ? "an" : "a";
      return fmt::format("with an explicit deny in {} {} policy", article, type);
    }
  }
  CHECK(false);
  return {};
}

}  // namespace hallmark::policy
