// Random documents and questions, judged by the module and by a second evaluator that is written
// from the IAM User Guide for obviousness alone: no parsing, no tables, a recursive glob.
#include <algorithm>
#include <map>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "policy/policy.h"

namespace hallmark::policy {
namespace {

using Texts = std::vector<std::string>;

struct PlainCondition {
  std::string quantifier, name, suffix, key;
  Texts values;
};
struct PlainStatement {
  std::string effect, action_element, resource_element;
  Texts actions, resources;
  std::vector<PlainCondition> conditions;
};
struct PlainQuestion {
  std::string action, resource;
  std::map<std::string, Texts> context;
};

// ---- The second evaluator.

bool glob(const char* pattern, const char* text) {
  if (*pattern == '\0') return *text == '\0';
  if (*pattern == '*') {
    return glob(pattern + 1, text) || (*text != '\0' && glob(pattern, text + 1));
  }
  return *text != '\0' && (*pattern == '?' || *pattern == *text) && glob(pattern + 1, text + 1);
}

std::string lower(std::string text) {
  for (char& c : text) c = char(std::tolower(c));
  return text;
}

const std::string username = "${aws:username}";
const std::string username_or_u = "${aws:username, 'u'}";

bool uses_unknown_variable(const Texts& texts, const PlainQuestion& question) {
  return !question.context.contains("aws:username") &&
         std::any_of(texts.begin(), texts.end(),
                     [](const std::string& t) { return t.find(username) != t.npos; });
}

std::string filled(std::string text, const PlainQuestion& question) {
  const auto found = question.context.find("aws:username");
  const std::string value = found == question.context.end() ? "u" : found->second.front();
  for (const std::string& variable : {username, username_or_u}) {
    const auto at = text.find(variable);
    if (at != text.npos) text.replace(at, variable.size(), value);
  }
  return text;
}

bool compare(const std::string& name, const std::string& expected, const std::string& actual) {
  if (name == "StringEquals" || name == "StringNotEquals") return expected == actual;
  if (name == "StringLike" || name == "StringNotLike")
    return glob(expected.c_str(), actual.c_str());
  if (name == "StringEqualsIgnoreCase") return lower(expected) == lower(actual);
  if (name == "NumericLessThan") return std::stoi(actual) < std::stoi(expected);
  if (name == "NumericNotEquals") return std::stoi(actual) == std::stoi(expected);
  ADD_FAILURE() << name;
  return false;
}

bool condition_holds(const PlainCondition& condition, const PlainQuestion& question) {
  const bool negated = condition.name.find("Not") != std::string::npos;
  const auto found = question.context.find(condition.key);
  const Texts actual = found == question.context.end() ? Texts() : found->second;
  if (actual.empty()) {
    if (condition.suffix == "IfExists") return true;
    if (condition.quantifier == "ForAllValues:") return true;
    if (condition.quantifier == "ForAnyValue:") return false;
    return negated;
  }
  int holding = 0;
  for (const std::string& value : actual) {
    bool fits = false;
    for (const std::string& expected : condition.values) {
      if (compare(condition.name, filled(expected, question), value)) fits = true;
    }
    if (fits != negated) ++holding;
  }
  if (condition.quantifier == "ForAllValues:") return holding == int(actual.size());
  if (condition.quantifier == "ForAnyValue:") return holding > 0;
  return negated ? holding == int(actual.size()) : holding > 0;
}

bool speaks_of(const PlainStatement& statement, const PlainQuestion& question) {
  bool action = false;
  for (const auto& a : statement.actions) {
    if (glob(lower(a).c_str(), lower(question.action).c_str())) action = true;
  }
  if (action == (statement.action_element == "NotAction")) return false;
  if (uses_unknown_variable(statement.resources, question)) return false;
  bool resource = false;
  for (const auto& r : statement.resources) {
    if (glob(filled(r, question).c_str(), question.resource.c_str())) resource = true;
  }
  if (resource == (statement.resource_element == "NotResource")) return false;
  for (const PlainCondition& condition : statement.conditions) {
    if (uses_unknown_variable(condition.values, question)) return false;
  }
  for (const PlainCondition& condition : statement.conditions) {
    if (!condition_holds(condition, question)) return false;
  }
  return true;
}

Verdict expected_verdict(const std::vector<PlainStatement>& statements,
                         const PlainQuestion& question) {
  bool allow = false;
  for (const PlainStatement& statement : statements) {
    if (!speaks_of(statement, question)) continue;
    if (statement.effect == "Deny") return Verdict::denied;
    allow = true;
  }
  return allow ? Verdict::allowed : Verdict::not_mentioned;
}

// ---- Random documents and questions, of few words so that they meet.

class Dice {
 public:
  explicit Dice(unsigned seed) : engine_(seed) {}
  bool one_in(unsigned n) { return engine_() % n == 0; }
  const std::string& pick(const Texts& from) { return from[engine_() % from.size()]; }
  Texts some(const Texts& from) {
    Texts picked = {pick(from)};
    while (one_in(2)) picked.push_back(pick(from));
    return picked;
  }

 private:
  std::mt19937 engine_;
};

const Texts keys = {"k:a", "k:b", "aws:username"};

PlainCondition random_condition(Dice& dice) {
  PlainCondition condition;
  condition.quantifier = dice.pick({"", "", "ForAllValues:", "ForAnyValue:"});
  condition.name = dice.pick({"StringEquals", "StringNotEquals", "StringLike", "StringNotLike",
                              "StringEqualsIgnoreCase", "NumericLessThan", "NumericNotEquals"});
  condition.suffix = dice.pick({"", "", "IfExists"});
  const bool numeric = condition.name.starts_with("Numeric");
  condition.key = numeric ? "k:n" : dice.pick(keys);
  condition.values =
      dice.some(numeric ? Texts{"1", "2", "3"}
                        : Texts{"u", "v", "U", "uv", "?", "u*", "*v", username, username_or_u});
  return condition;
}

PlainStatement random_statement(Dice& dice) {
  PlainStatement statement;
  statement.effect = dice.pick({"Allow", "Allow", "Deny"});
  statement.action_element = dice.pick({"Action", "Action", "NotAction"});
  statement.resource_element = dice.pick({"Resource", "Resource", "NotResource"});
  statement.actions = dice.some({"*", "s:Get", "S:get", "s:G*", "s:*t", "s:P?t", "t:*"});
  statement.resources = dice.some(
      {"*", "arn:r", "arn:*", "arn:?/u", "arn:*v", "arn:r/" + username, "arn:r/" + username_or_u});
  while (dice.one_in(2)) statement.conditions.push_back(random_condition(dice));
  return statement;
}

PlainQuestion random_question(Dice& dice) {
  PlainQuestion question = {dice.pick({"s:Get", "s:Put", "s:Git", "t:Get"}),
                            dice.pick({"arn:r", "arn:r/u", "arn:r/v", "arn:q/uv"}),
                            {}};
  if (!dice.one_in(3)) question.context["k:a"] = dice.some({"u", "v", "V", "uv", ""});
  if (!dice.one_in(3)) question.context["k:b"] = dice.some({"u", "v", "uuv"});
  if (!dice.one_in(3)) question.context["k:n"] = dice.some({"1", "2", "3"});
  if (!dice.one_in(3)) question.context["aws:username"] = {dice.pick({"u", "v"})};
  if (dice.one_in(9)) question.context["k:a"] = {};
  return question;
}

std::string json_of(const Texts& texts) {
  std::string json = "[";
  for (const std::string& text : texts) json += (json.size() > 1 ? ",\"" : "\"") + text + "\"";
  return json + "]";
}

// A JSON object has each member once: a second condition of the same operator is dropped, from the
// statement too.
std::string json_of(PlainStatement& statement) {
  std::string conditions;
  std::vector<PlainCondition> kept;
  Texts names;
  for (const PlainCondition& c : statement.conditions) {
    const std::string name = c.quantifier + c.name + c.suffix;
    if (std::find(names.begin(), names.end(), name) != names.end()) continue;
    names.push_back(name);
    kept.push_back(c);
    conditions += (conditions.empty() ? "\"" : ",\"") + name + "\":{\"" + c.key +
                  "\":" + json_of(c.values) + "}";
  }
  statement.conditions = kept;
  return "{\"Effect\":\"" + statement.effect + "\",\"" + statement.action_element +
         "\":" + json_of(statement.actions) + ",\"" + statement.resource_element +
         "\":" + json_of(statement.resources) + ",\"Condition\":{" + conditions + "}}";
}

std::string random_document(Dice& dice, std::vector<PlainStatement>& statements) {
  std::string json;
  do {
    statements.push_back(random_statement(dice));
    json += (json.empty() ? "" : ",") + json_of(statements.back());
  } while (dice.one_in(2));
  return R"({"Version":"2012-10-17","Statement":[)" + json + "]}";
}

TEST(Differential, AgreesWithAnEvaluatorWrittenFromTheGuide) {
  constexpr unsigned documents = 2000;
  constexpr unsigned questions_each = 8;
  std::map<Verdict, int> seen;
  int without_conditions = 0;
  for (unsigned seed = 0; seed < documents; ++seed) {
    Dice dice(seed);
    std::vector<PlainStatement> statements;
    const std::string json = random_document(dice, statements);
    const auto document = Document::parse(json, DocumentKind::identity);
    ASSERT_TRUE(document) << document.error().message << "\n" << json;
    for (unsigned i = 0; i < questions_each; ++i) {
      const PlainQuestion plain = random_question(dice);
      const Question question = {.action = plain.action,
                                 .resource = plain.resource,
                                 .principal_arn = {},
                                 .principal_account = {},
                                 .context = {plain.context.begin(), plain.context.end()}};
      const Verdict verdict = document->evaluate(question);
      ++seen[verdict];
      if (!document->asks_for_context()) {
        ++without_conditions;
        Question without_context = question;
        without_context.context.clear();
        ASSERT_EQ(document->evaluate(without_context), verdict) << json;
      }
      ASSERT_EQ(verdict, expected_verdict(statements, plain))
          << "seed " << seed << ", question " << i << ": " << plain.action << " " << plain.resource
          << "\n"
          << json;
    }
  }
  // The dice are worth something: each verdict is common.
  for (const Verdict verdict : {Verdict::allowed, Verdict::denied, Verdict::not_mentioned}) {
    EXPECT_GT(seen[verdict], int(documents * questions_each / 20));
  }
  EXPECT_GT(without_conditions, int(documents * questions_each / 20));
}

}  // namespace
}  // namespace hallmark::policy
