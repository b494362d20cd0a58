#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "policy/read_json.h"
#include "policy/statement.h"

namespace hallmark::policy {
namespace {

constexpr std::array<std::string_view, 9> statement_elements = {
    "Sid",       "Effect",   "Principal",   "NotPrincipal", "Action",
    "NotAction", "Resource", "NotResource", "Condition"};

bool is_letter_or_digit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

Result<void> check_elements(const JsonObject& statement) {
  for (const auto& [name, value] : statement.members()) {
    if (std::ranges::find(statement_elements, name) == statement_elements.end()) {
      return invalid(fmt::format("{} is not an element of a policy statement.", value.path()));
    }
  }
  return {};
}

// An element that has a Not- form, of which a statement has at most one.
struct Found {
  Polarity polarity;
  JsonValue value;
};
struct Names {
  std::string_view positive, negative;
};

Result<std::optional<Found>> find_one(const JsonObject& statement, Names names) {
  const auto positive = statement.find(names.positive);
  const auto negative = statement.find(names.negative);
  if (positive && negative) {
    return invalid(fmt::format("{} must not stand beside {}.", negative->path(), names.positive));
  }
  if (positive) return std::optional(Found{Polarity::positive, *positive});
  if (negative) return std::optional(Found{Polarity::negative, *negative});
  return std::optional<Found>();
}

Result<Found> get_one(const JsonObject& statement, Names names, std::string_view path) {
  TRY(auto found, find_one(statement, names));
  if (found) return *std::move(found);
  return invalid(fmt::format("{} must have {} or {}.", path, names.positive, names.negative));
}

// IAM's Sid is letters and digits; resource policies take what their service takes as statement id.
Result<std::string> parse_sid(const JsonObject& statement, DocumentKind kind) {
  TRY(auto sid, statement.find_text("Sid"));
  if (!sid) return std::string();
  if (kind == DocumentKind::identity && !std::ranges::all_of(*sid, is_letter_or_digit)) {
    return invalid(fmt::format("{} must be letters and digits.", statement.find("Sid")->path()));
  }
  return std::string(*sid);
}

Result<Effect> parse_effect(const JsonObject& statement) {
  TRY(auto value, statement.get("Effect"));
  TRY(auto text, value.text());
  if (text == "Allow") return Effect::allow;
  if (text == "Deny") return Effect::deny;
  return invalid(fmt::format("{} must be Allow or Deny.", value.path()));
}

Result<std::optional<Element<Principal>>> parse_principal_element(const JsonObject& statement,
                                                                  std::string_view path,
                                                                  DocumentKind kind) {
  constexpr Names names = {"Principal", "NotPrincipal"};
  if (kind == DocumentKind::identity) {
    TRY(auto found, find_one(statement, names));
    if (!found) return std::optional<Element<Principal>>();
    return invalid(fmt::format("{} belongs in resource policies only.", found->value.path()));
  }
  TRY(auto found, get_one(statement, names, path));
  TRY(auto principals, parse_principals(found.value));
  return std::optional(Element<Principal>{found.polarity, std::move(principals)});
}

// "*", or service:Name with wildcards in the name only.
bool is_action_pattern(std::string_view text) {
  const bool all = !text.empty() && text.find_first_not_of('*') == std::string_view::npos;
  const std::size_t colon = text.find(':');
  if (all || text == "*:*") return true;
  if (colon == std::string_view::npos || colon == 0 || colon + 1 == text.size()) return false;
  return std::ranges::all_of(text.substr(0, colon),
                             [](char c) { return is_letter_or_digit(c) || c == '-'; }) &&
         std::ranges::all_of(text.substr(colon + 1),
                             [](char c) { return is_letter_or_digit(c) || c == '*' || c == '?'; });
}

Result<Element<Pattern>> parse_actions(const JsonObject& statement, std::string_view path) {
  TRY(auto found, get_one(statement, {"Action", "NotAction"}, path));
  TRY(auto texts, read_texts(found.value, Scalars::text_only));
  Element<Pattern> actions = {found.polarity, {}};
  for (const TextAt& written : texts) {
    if (!is_action_pattern(written.text)) {
      return invalid(fmt::format("{} must be * or have the form service:Action.", written.path));
    }
    actions.values.push_back(pattern_of(written.text));
  }
  return actions;
}

Result<std::optional<Element<Template>>> parse_resources(const JsonObject& statement,
                                                         std::string_view path,
                                                         const DocumentKind kind, Version version) {
  constexpr Names names = {"Resource", "NotResource"};
  TRY(auto found, find_one(statement, names));
  if (!found && kind == DocumentKind::resource) return std::optional<Element<Template>>();
  if (!found) return invalid(fmt::format("{} must have Resource or NotResource.", path));
  TRY(auto texts, read_texts(found->value, Scalars::text_only));
  Element<Template> resources = {found->polarity, {}};
  for (const TextAt& written : texts) {
    if (written.text != "*" && !written.text.starts_with("arn:")) {
      return invalid(fmt::format("{} must be * or an ARN.", written.path));
    }
    auto pattern = parse_template(written.text, version);
    if (!pattern) return invalid(fmt::format("{}: {}.", written.path, pattern.error().message));
    resources.values.push_back(*std::move(pattern));
  }
  return std::optional(std::move(resources));
}

std::vector<Variable> variables_of(const Statement& statement) {
  std::vector<Variable> variables;
  const auto collect = [&](const Template& text) {
    for (const Template::Rest& rest : text.rest) variables.push_back(rest.variable);
  };
  if (statement.resources) std::ranges::for_each(statement.resources->values, collect);
  for (const Condition& condition : statement.conditions) {
    std::ranges::for_each(condition.values, collect, &ConditionValue::text);
  }
  return variables;
}

}  // namespace

Result<Statement> parse_statement(const JsonValue& value, Version version, DocumentKind kind) {
  Statement statement;
  TRY(auto object, value.object());
  TRY(check_elements(object));
  TRY(statement.sid, parse_sid(object, kind));
  TRY(statement.effect, parse_effect(object));
  TRY(statement.principals, parse_principal_element(object, value.path(), kind));
  TRY(statement.actions, parse_actions(object, value.path()));
  TRY(statement.resources, parse_resources(object, value.path(), kind, version));
  if (const auto condition = object.find("Condition")) {
    TRY(statement.conditions, parse_conditions(*condition, version));
  }
  // "Using NotPrincipal with Allow is not supported": it would let in everyone it does not name.
  if (statement.effect == Effect::allow && statement.principals &&
      statement.principals->polarity == Polarity::negative) {
    return invalid(fmt::format("{}.NotPrincipal needs the Effect Deny.", value.path()));
  }
  statement.variables = variables_of(statement);
  return statement;
}

}  // namespace hallmark::policy
