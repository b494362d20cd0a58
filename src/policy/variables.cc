#include "policy/variables.h"

#include <fmt/format.h>

#include "base/check.h"

namespace hallmark::policy {
namespace {

std::string_view trim(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  return text;
}

// `inside` is what stands between "${" and "}".
Result<Variable> parse_variable(std::string_view inside) {
  const std::size_t comma = inside.find(',');
  const std::string_view key = trim(inside.substr(0, comma));
  if (key.find(':') == std::string_view::npos || key.find_first_of("${*?'") != key.npos) {
    return invalid(fmt::format("'${{{}}}' is not a policy variable", inside));
  }
  if (comma == std::string_view::npos) return Variable{std::string(key), std::nullopt};
  const std::string_view quoted = trim(inside.substr(comma + 1));
  if (quoted.size() < 2 || quoted.find('\'', 1) != quoted.size() - 1 || quoted.front() != '\'') {
    return invalid(fmt::format("the default of '${{{}}}' must be in single quotes", inside));
  }
  return Variable{std::string(key), std::string(quoted.substr(1, quoted.size() - 2))};
}

Pattern& last_text(Template& text) { return text.rest.empty() ? text.head : text.rest.back().text; }

void append_pattern(Pattern& to, std::string_view text) {
  const Pattern more = pattern_of(text);
  to.insert(to.end(), more.begin(), more.end());
}

}  // namespace

Result<Template> parse_template(std::string_view text, Version version) {
  Template parsed;
  while (version == Version::v2012_10_17) {
    const std::size_t start = text.find("${");
    if (start == std::string_view::npos) break;
    const std::size_t end = text.find('}', start);
    if (end == std::string_view::npos) return invalid("'${' has no '}'");
    const std::string_view inside = text.substr(start + 2, end - start - 2);
    append_pattern(last_text(parsed), text.substr(0, start));
    if (inside == "*" || inside == "?" || inside == "$") {
      append_literal(last_text(parsed), inside);
    } else {
      TRY(auto variable, parse_variable(inside));
      parsed.rest.push_back({std::move(variable), {}});
    }
    text.remove_prefix(end + 1);
  }
  append_pattern(last_text(parsed), text);
  return parsed;
}

std::vector<std::string_view> values_of(std::string_view key, const Question& question) {
  for (const auto& [name, values] : question.context) {
    if (equals_ignoring_case(name, key)) return {values.begin(), values.end()};
  }
  std::vector<std::string_view> of_principal;
  if (equals_ignoring_case(key, "aws:PrincipalArn")) {
    of_principal.push_back(question.principal_arn);
  } else if (equals_ignoring_case(key, "aws:PrincipalAccount")) {
    of_principal.push_back(question.principal_account);
  }
  if (!of_principal.empty() && of_principal.front().empty()) of_principal.clear();
  return of_principal;
}

bool is_known(const Variable& variable, const Question& question) {
  return variable.fallback || values_of(variable.key, question).size() == 1;
}

Pattern expand(const Template& text, const Question& question) {
  Pattern expanded = text.head;
  for (const Template::Rest& rest : text.rest) {
    const std::vector<std::string_view> values = values_of(rest.variable.key, question);
    CHECK(values.size() == 1 || rest.variable.fallback);
    append_literal(expanded, values.size() == 1 ? values.front() : *rest.variable.fallback);
    expanded.insert(expanded.end(), rest.text.begin(), rest.text.end());
  }
  return expanded;
}

bool matches(const Template& text, std::string_view actual, const Question& question) {
  if (text.is_fixed()) return matches(text.head, actual, LetterCase::exact);
  return matches(expand(text, question), actual, LetterCase::exact);
}

}  // namespace hallmark::policy
