// Names are given again, unique ids never: a policy that is bound means whom it meant when it was
// stored.

#include <algorithm>

#include "policy/statement.h"

namespace hallmark::policy {

std::vector<std::string> Document::principal_arns() const {
  std::vector<std::string> arns;
  for (const Statement& statement : parsed_->statements) {
    if (!statement.principals) continue;
    for (const Principal& principal : statement.principals->values) {
      if (principal.kind == PrincipalKind::one) arns.push_back(principal.name);
    }
  }
  return arns;
}

Document Document::bound_to(const model::StringMap& unique_ids) const {
  Parsed bound = *parsed_;
  for (Statement& statement : bound.statements) {
    if (!statement.principals) continue;
    for (Principal& principal : statement.principals->values) {
      if (principal.kind != PrincipalKind::one) continue;
      const auto known =
          std::ranges::find(unique_ids, principal.name, &model::StringMap::value_type::first);
      if (known != unique_ids.end()) principal.unique_id = known->second;
    }
  }
  return Document(std::make_shared<const Parsed>(std::move(bound)));
}

}  // namespace hallmark::policy
