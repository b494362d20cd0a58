// One statement of a policy document, and what a document is inside.
#pragma once

#include <concepts>
#include <optional>
#include <string>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "policy/condition.h"
#include "policy/policy.h"
#include "policy/principal.h"
#include "policy/variables.h"
#include "policy/wildcard.h"

namespace hallmark::policy {

// Action or NotAction and its like: positive means that one of the values must match, negative that
// none may.
template <std::movable T>
struct Element {
  Polarity polarity = Polarity::positive;
  std::vector<T> values;
};

struct Statement {
  std::string sid;  // may be empty
  Effect effect = Effect::deny;
  std::optional<Element<Principal>> principals;  // in resource policies
  Element<Pattern> actions;
  std::optional<Element<Template>> resources;  // absent: what the resource policy is attached to
  std::vector<Condition> conditions;
  std::vector<Variable> variables;  // all that resources and conditions use
};

// Invalid, naming the element by its path.
Result<Statement> parse_statement(const JsonValue& value, Version version, DocumentKind kind);

// Whether the statement speaks of the question. One that uses an unknown variable speaks of none.
bool matches(const Statement& statement, const Question& question);

// Of an Allow that matches.
GrantedTo granted_to(const Statement& statement, const Question& question);

struct Document::Parsed {
  std::vector<Statement> statements;
};

}  // namespace hallmark::policy
