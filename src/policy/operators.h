// The condition operators: one row each.
// Source: IAM User Guide, "IAM JSON policy elements: Condition operators".
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "base/address.h"
#include "base/result.h"
#include "policy/variables.h"

namespace hallmark::policy {

enum class Polarity {
  positive,
  negative
};  // Action and NotAction, StringEquals and StringNotEquals
enum class ValueType { text, arn, number, date, boolean, address };
enum class Subject { values, presence };  // of the key; presence only for Null

// A value of a policy, read once by its operator's type. Only the member of that type has a
// meaning.
struct Operand {
  Pattern pattern;  // text, arn, and boolean (as "true" or "false")
  double number = 0;
  std::int64_t millis = 0;  // date, since 1970
  AddressBlock block;
};

struct Operator {
  std::string_view name;
  ValueType type;
  Polarity polarity;
  // The positive comparison, of a row of either polarity. False for an actual value of another
  // type.
  bool (*holds)(const Operand& expected, std::string_view actual);
  Subject subject = Subject::values;
};

std::span<const Operator> all_operators();
const Operator* find_operator(std::string_view name);  // null when there is none

// The error says what the value must be, not where it stands. Text and ARNs are not read here: they
// may hold variables.
Result<Operand> parse_operand(ValueType type, std::string_view text);

}  // namespace hallmark::policy
