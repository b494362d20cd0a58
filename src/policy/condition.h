// The Condition element of a statement.
#pragma once

#include <string>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "policy/operators.h"
#include "policy/policy.h"
#include "policy/variables.h"

namespace hallmark::policy {

enum class SetOperator { none, for_all_values, for_any_value };
enum class IfMissing { decide, hold };  // hold is the suffix IfExists

struct ConditionValue {
  Operand operand;
  Template text;  // of text and arn, where `operand.pattern` is it when it is fixed
};

// One operator and one key: "ForAnyValue:StringLike": {"aws:TagKeys": ["a*", "b*"]}.
struct Condition {
  SetOperator set_operator = SetOperator::none;
  const Operator* comparison = nullptr;  // a row of the table
  IfMissing if_missing = IfMissing::decide;
  std::string key;
  std::vector<ConditionValue> values;  // at least one
};

// Invalid, naming the operator, key or value by its path.
Result<std::vector<Condition>> parse_conditions(const JsonValue& element, Version version);

// Requires every variable of the values to be known.
bool holds(const Condition& condition, const Question& question);

}  // namespace hallmark::policy
