// Policy variables: ${key}, ${key, 'default'}, and ${*}, ${?}, ${$} for these characters
// themselves. Source: IAM User Guide, "IAM policy elements: Variables and tags".
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "policy/policy.h"
#include "policy/wildcard.h"

namespace hallmark::policy {

enum class Version { v2008_10_17, v2012_10_17 };

struct Variable {
  std::string key;
  std::optional<std::string> fallback;  // the default, where the policy gives one
};

// A text of a policy that may hold variables: `head`, then each variable and what follows it.
struct Template {
  struct Rest {
    Variable variable;
    Pattern text;
  };
  Pattern head;
  std::vector<Rest> rest;

  bool is_fixed() const { return rest.empty(); }  // then `head` is all of it
};

// Variables exist since 2012-10-17; before, "${" is text like any other. The error says what is
// wrong with the text, not where it stands.
Result<Template> parse_template(std::string_view text, Version version);

// The values of a condition key, without those of other keys: nothing when it is absent or empty,
// which no rule of IAM tells apart.
std::vector<std::string_view> values_of(std::string_view key, const Question& question);

// Whether the variable has a default or its key has exactly one value.
bool is_known(const Variable& variable, const Question& question);

// Requires every variable to be known. Values are put in as they are: no character of theirs is a
// wildcard.
Pattern expand(const Template& text, const Question& question);

bool matches(const Template& text, std::string_view actual, const Question& question);

}  // namespace hallmark::policy
