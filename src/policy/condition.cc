#include "policy/condition.h"

#include <algorithm>

#include <fmt/format.h>

#include "policy/read_json.h"

namespace hallmark::policy {
namespace {

constexpr std::string_view for_all_values_prefix = "ForAllValues:";
constexpr std::string_view for_any_value_prefix = "ForAnyValue:";
constexpr std::string_view if_exists_suffix = "IfExists";
constexpr std::ptrdiff_t arn_separators = 5;

// "[ForAllValues:|ForAnyValue:]Operator[IfExists]", into a condition without key and values. Null
// asks about presence itself and takes neither.
Result<Condition> parse_operator(std::string_view written, std::string_view path) {
  Condition condition;
  std::string_view name = written;
  if (name.starts_with(for_all_values_prefix)) {
    condition.set_operator = SetOperator::for_all_values;
    name.remove_prefix(for_all_values_prefix.size());
  } else if (name.starts_with(for_any_value_prefix)) {
    condition.set_operator = SetOperator::for_any_value;
    name.remove_prefix(for_any_value_prefix.size());
  }
  if (name.ends_with(if_exists_suffix)) {
    condition.if_missing = IfMissing::hold;
    name.remove_suffix(if_exists_suffix.size());
  }
  condition.comparison = find_operator(name);
  if (condition.comparison == nullptr ||
      (condition.comparison->subject == Subject::presence && name != written)) {
    return invalid(fmt::format("{} is not a condition operator.", path));
  }
  return condition;
}

Result<ConditionValue> parse_value(ValueType type, const TextAt& written, Version version) {
  if (type == ValueType::text || type == ValueType::arn) {
    auto text = parse_template(written.text, version);
    if (!text) return invalid(fmt::format("{}: {}.", written.path, text.error().message));
    if (type == ValueType::arn && text->is_fixed() &&
        std::ranges::count(text->head, Symbol(':')) < arn_separators) {
      return invalid(fmt::format("{} must be an ARN of six parts.", written.path));
    }
    return ConditionValue{{.pattern = text->head, .block = {}}, *std::move(text)};
  }
  auto operand = parse_operand(type, written.text);
  if (!operand) return invalid(fmt::format("{} {}.", written.path, operand.error().message));
  return ConditionValue{*std::move(operand), {}};
}

// Every condition key has the prefix of a service or "aws:".
Result<void> check_key(std::string_view key, std::string_view path) {
  const std::size_t colon = key.find(':');
  if (colon == 0 || colon == std::string_view::npos || colon + 1 == key.size()) {
    return invalid(fmt::format("{} is not a condition key.", path));
  }
  return {};
}

// Whether the actual value fits any of the condition's, by the positive comparison.
bool fits(const Condition& condition, std::string_view actual, const Question& question) {
  return std::ranges::any_of(condition.values, [&](const ConditionValue& value) {
    if (value.text.is_fixed()) return condition.comparison->holds(value.operand, actual);
    return condition.comparison->holds({.pattern = expand(value.text, question), .block = {}},
                                       actual);
  });
}

}  // namespace

Result<std::vector<Condition>> parse_conditions(const JsonValue& element, Version version) {
  std::vector<Condition> conditions;
  TRY(auto operators, element.object());
  for (const auto& [operator_name, keys_value] : operators.members()) {
    TRY(const Condition of_operator, parse_operator(operator_name, keys_value.path()));
    TRY(auto keys, keys_value.object());
    for (const auto& [key, values] : keys.members()) {
      TRY(check_key(key, values.path()));
      Condition condition = of_operator;
      condition.key = key;
      TRY(auto texts, read_texts(values, Scalars::any));
      for (const TextAt& text : texts) {
        TRY(auto value, parse_value(condition.comparison->type, text, version));
        condition.values.push_back(std::move(value));
      }
      conditions.push_back(std::move(condition));
    }
  }
  return conditions;
}

bool holds(const Condition& condition, const Question& question) {
  const std::vector<std::string_view> actual = values_of(condition.key, question);
  const bool negative = condition.comparison->polarity == Polarity::negative;
  const auto one_fits = [&](std::string_view value) { return fits(condition, value, question); };
  const auto one_holds = [&](std::string_view value) { return one_fits(value) != negative; };

  if (condition.comparison->subject == Subject::presence) {
    return one_fits(actual.empty() ? "true" : "false");
  }
  if (actual.empty() && condition.if_missing == IfMissing::hold) return true;
  switch (condition.set_operator) {
    // "Negated matching: true when the key is not present"; with several values, none may fit.
    case SetOperator::none: return std::ranges::any_of(actual, one_fits) != negative;
    case SetOperator::for_all_values: return std::ranges::all_of(actual, one_holds);
    case SetOperator::for_any_value: return std::ranges::any_of(actual, one_holds);
  }
  CHECK(false);
  return false;
}

}  // namespace hallmark::policy
