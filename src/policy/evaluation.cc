#include "policy/evaluation.h"

#include <algorithm>

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
    said = {finding.verdict,
            MatchedStatement{i, finding.statement, std::string(finding.sid), finding.granted_to}};
  }
  return said;
}

Said ask(const std::optional<Document>& document, const Question& question) {
  return document ? ask(std::span(&*document, 1), question) : Said();
}

// Who has no account has no policies of its own.
Said ask_identity(const Policies& policies, const Question& question) {
  const bool counts = policies.sides != Sides::resource_only && !question.principal_account.empty();
  return counts ? ask(policies.identity, question) : Said();
}

Said ask_resource(const Policies& policies, const Question& question) {
  return policies.sides == Sides::identity_only ? Said() : ask(policies.resource, question);
}

bool allows(const Said& said) { return said.verdict == Verdict::allowed; }
bool denies(const Said& said) { return said.verdict == Verdict::denied; }

// Which sides have to allow.
struct Needed {
  bool identity, resource;
};

Needed needed_of(const Policies& policies, const Question& question, const Said& resource) {
  const bool same_account = !question.principal_account.empty() &&
                            policies.resource_account == question.principal_account;
  const bool grants_directly =
      same_account && allows(resource) && resource.matched->granted_to == GrantedTo::caller;
  switch (policies.sides) {
    case Sides::both: return {.identity = !grants_directly, .resource = !same_account};
    case Sides::identity_only: return {.identity = true, .resource = false};
    case Sides::resource_required: return {.identity = !grants_directly, .resource = true};
    case Sides::resource_only: return {.identity = false, .resource = true};
  }
  CHECK(false);
  return {};
}

// The one resource policy that always has to allow is a role's.
PolicyType resource_type_of(Sides sides) {
  const bool of_role = sides == Sides::resource_required || sides == Sides::resource_only;
  return of_role ? PolicyType::trust : PolicyType::resource;
}

Evaluation decide(Decision decision, PolicyType type, const Said& said) {
  return {decision, type, said.matched};
}
Evaluation no_allow(PolicyType type) { return {Decision::implicit_deny, type, std::nullopt}; }

std::string_view name_of(PolicyType type) {
  switch (type) {
    case PolicyType::identity: return "identity-based";
    case PolicyType::session: return "session";
    case PolicyType::resource: return "resource-based";
    case PolicyType::trust: return "role trust";
  }
  CHECK(false);
  return {};
}

// A role has one trust policy, of the others there may be several.
std::string_view article_of(PolicyType type) {
  switch (type) {
    case PolicyType::identity: return "an";
    case PolicyType::session:
    case PolicyType::resource: return "a";
    case PolicyType::trust: return "the";
  }
  CHECK(false);
  return {};
}

}  // namespace

Evaluation evaluate_identity(std::span<const Document> documents, const Question& question) {
  const Policies policies = {.identity = documents,
                             .session = {},
                             .resource = {},
                             .resource_account = {},
                             .sides = Sides::identity_only};
  return evaluate(policies, question);
}

Evaluation evaluate(const Policies& policies, const Question& question) {
  const Said identity = ask_identity(policies, question);
  const Said session = ask(policies.session, question);
  const Said resource = ask_resource(policies, question);
  const PolicyType resource_type = resource_type_of(policies.sides);

  using enum Decision;
  if (denies(identity)) return decide(explicit_deny, PolicyType::identity, identity);
  if (denies(session)) return decide(explicit_deny, PolicyType::session, session);
  if (denies(resource)) return decide(explicit_deny, resource_type, resource);

  const Needed needed = needed_of(policies, question, resource);
  if (needed.identity && !allows(identity)) return no_allow(PolicyType::identity);
  if (needed.resource && !allows(resource)) return no_allow(resource_type);
  if (policies.session && !allows(session)) return no_allow(PolicyType::session);

  if (allows(identity)) return decide(allowed, PolicyType::identity, identity);
  return decide(allowed, resource_type, resource);
}

bool needs_context(const Policies& policies) {
  return (policies.session && policies.session->asks_for_context()) ||
         (policies.resource && policies.resource->asks_for_context()) ||
         std::ranges::any_of(policies.identity, &Document::asks_for_context);
}

std::string reason(const Evaluation& evaluation, std::string_view action) {
  const PolicyType type = evaluation.policy_type;
  switch (evaluation.decision) {
    case Decision::allowed: return {};
    case Decision::implicit_deny:
      return fmt::format("because no {} policy allows the {} action", name_of(type), action);
    case Decision::explicit_deny:
      return fmt::format("with an explicit deny in {} {} policy", article_of(type), name_of(type));
  }
  CHECK(false);
  return {};
}

}  // namespace hallmark::policy
