#include "policy/condition.h"

#include <algorithm>
#include <array>
#include <initializer_list>

#include <gtest/gtest.h>

namespace hallmark::policy {
namespace {

using Context = std::vector<std::pair<std::string, std::vector<std::string>>>;

Result<std::vector<Condition>> parse(std::string_view json) {
  TRY(auto document, JsonDocument::parse(json));
  return parse_conditions(document.root(), Version::v2012_10_17);
}

bool all_hold(std::string_view json, Context context) {
  const auto conditions = parse(json);
  EXPECT_TRUE(conditions) << json << (conditions ? "" : conditions.error().message);
  if (!conditions) return false;
  const Question question = {.action = {},
                             .resource = {},
                             .principal_arn = {},
                             .principal_account = {},
                             .context = std::move(context)};
  return std::ranges::all_of(*conditions, [&](const auto& c) { return holds(c, question); });
}

std::string error_of(std::string_view json) {
  const auto conditions = parse(json);
  return conditions ? "" : conditions.error().message;
}

// {"OPERATOR": {"a:k": EXPECTED}} with one actual value.
bool one(std::string_view name, std::string_view expected, std::string actual) {
  const std::string json =
      "{\"" + std::string(name) + "\": {\"a:k\": \"" + std::string(expected) + "\"}}";
  return all_hold(json, {{"a:k", {std::move(actual)}}});
}

struct Row {
  std::string_view name, expected, fits, differs;
};

// Every operator of the table, with a value that it accepts and one that it does not.
constexpr std::array rows = {
    Row{"StringEquals", "Team*", "Team*", "TeamA"},
    Row{"StringNotEquals", "Team", "team", "Team"},
    Row{"StringEqualsIgnoreCase", "Team", "tEAM", "Teams"},
    Row{"StringNotEqualsIgnoreCase", "Team", "Teams", "tEAM"},
    Row{"StringLike", "a?c*", "abcd", "Abcd"},
    Row{"StringNotLike", "a?c*", "Abcd", "abcd"},
    Row{"NumericEquals", "10", "10.0", "11"},
    Row{"NumericNotEquals", "10", "11", "1e1"},
    Row{"NumericLessThan", "10", "9.5", "10"},
    Row{"NumericLessThanEquals", "10", "10", "10.5"},
    Row{"NumericGreaterThan", "-10", "-9", "-10"},
    Row{"NumericGreaterThanEquals", "10", "10", "9"},
    Row{"DateEquals", "2026-01-01T00:00:00Z", "1767225600", "2026-01-01T00:00:01Z"},
    Row{"DateNotEquals", "2026-01-01T00:00:00Z", "1767225601", "2026-01-01T00:00:00Z"},
    Row{"DateLessThan", "2026-01-01T00:00:00Z", "2025-12-31T23:59:59Z", "2026-01-01T00:00:00Z"},
    Row{"DateLessThanEquals", "1767225600", "2026-01-01T00:00:00Z", "2026-01-01T00:00:00.001Z"},
    Row{"DateGreaterThan", "2026-01-01T00:00:00Z", "2026-01-01T00:00:00.001Z",
        "2026-01-01T00:00:00Z"},
    Row{"DateGreaterThanEquals", "2026-01-01T02:00:00+02:00", "2026-01-01T00:00:00Z",
        "2025-12-31T23:59:59Z"},
    Row{"Bool", "true", "True", "false"},
    Row{"IpAddress", "203.0.113.0/24", "203.0.113.9", "203.0.114.9"},
    Row{"NotIpAddress", "203.0.113.0/24", "203.0.114.9", "203.0.113.9"},
    Row{"ArnEquals", "arn:aws:iam::*:role/a*", "arn:aws:iam::1:role/ab", "arn:aws:sts::1:role/ab"},
    Row{"ArnLike", "arn:aws:s3:::b?", "arn:aws:s3:::b1", "arn:aws:s3:::b"},
    Row{"ArnNotEquals", "arn:aws:s3:::b", "arn:aws:s3:::c", "arn:aws:s3:::b"},
    Row{"ArnNotLike", "arn:aws:s3:::b*", "arn:aws:s3:::c", "arn:aws:s3:::b1"},
};

TEST(Condition, EveryOperatorTellsAFittingValueFromAnother) {
  for (const Row& row : rows) {
    EXPECT_TRUE(one(row.name, row.expected, std::string(row.fits))) << row.name;
    EXPECT_FALSE(one(row.name, row.expected, std::string(row.differs))) << row.name;
  }
}

TEST(Condition, EveryOperatorOfTheTableIsTested) {
  EXPECT_EQ(all_operators().size(), rows.size() + 1);  // and Null, below
  for (const Row& row : rows) EXPECT_NE(find_operator(row.name), nullptr) << row.name;
}

TEST(Condition, APositiveOperatorFailsAndANegativeOneHoldsWithoutTheKey) {
  for (const Row& row : rows) {
    const bool negative = find_operator(row.name)->polarity == Polarity::negative;
    const auto json =
        "{\"" + std::string(row.name) + "\": {\"a:k\": \"" + std::string(row.expected) + "\"}}";
    EXPECT_EQ(all_hold(json, {}), negative) << row.name;
    EXPECT_EQ(all_hold(json, {{"a:k", {}}}), negative) << row.name;
  }
}

TEST(Condition, IfExistsHoldsWithoutTheKeyAndDecidesWithIt) {
  for (const Row& row : rows) {
    const auto name = std::string(row.name) + "IfExists";
    const auto json = "{\"" + name + "\": {\"a:k\": \"" + std::string(row.expected) + "\"}}";
    EXPECT_TRUE(all_hold(json, {})) << name;
    EXPECT_TRUE(one(name, row.expected, std::string(row.fits))) << name;
    EXPECT_FALSE(one(name, row.expected, std::string(row.differs))) << name;
  }
}

TEST(Condition, NullAsksWhetherTheKeyIsThere) {
  constexpr auto absent = R"({"Null": {"a:k": "true"}})";
  constexpr auto present = R"({"Null": {"a:k": false}})";
  EXPECT_TRUE(all_hold(absent, {}));
  EXPECT_FALSE(all_hold(absent, {{"a:k", {"x"}}}));
  EXPECT_FALSE(all_hold(present, {}));
  EXPECT_FALSE(all_hold(present, {{"a:k", {}}}));
  EXPECT_TRUE(all_hold(present, {{"A:K", {"x"}}}));
}

TEST(Condition, ValuesOfOneKeyAreAlternatives) {
  constexpr auto json = R"({"StringEquals": {"a:k": ["x", "y"]}})";
  EXPECT_TRUE(all_hold(json, {{"a:k", {"y"}}}));
  EXPECT_FALSE(all_hold(json, {{"a:k", {"z"}}}));
}

TEST(Condition, NegatedValuesOfOneKeyAreAllExcluded) {
  constexpr auto json = R"({"StringNotEquals": {"a:k": ["x", "y"]}})";
  EXPECT_FALSE(all_hold(json, {{"a:k", {"y"}}}));
  EXPECT_TRUE(all_hold(json, {{"a:k", {"z"}}}));
  EXPECT_FALSE(all_hold(json, {{"a:k", {"z", "x"}}}));
}

TEST(Condition, KeysAndOperatorsMustAllHold) {
  constexpr auto json =
      R"({"StringEquals": {"a:k": "x", "a:l": "y"}, "Bool": {"aws:SecureTransport": "true"}})";
  EXPECT_TRUE(all_hold(json, {{"a:k", {"x"}}, {"a:l", {"y"}}, {"aws:SecureTransport", {"true"}}}));
  EXPECT_FALSE(all_hold(json, {{"a:k", {"x"}}, {"a:l", {"z"}}, {"aws:SecureTransport", {"true"}}}));
  EXPECT_FALSE(
      all_hold(json, {{"a:k", {"x"}}, {"a:l", {"y"}}, {"aws:SecureTransport", {"false"}}}));
}

TEST(Condition, ForAllValuesNeedsEveryValueOfTheRequest) {
  constexpr auto json = R"({"ForAllValues:StringEquals": {"aws:TagKeys": ["env", "team"]}})";
  EXPECT_TRUE(all_hold(json, {{"aws:TagKeys", {"team", "env"}}}));
  EXPECT_FALSE(all_hold(json, {{"aws:TagKeys", {"team", "other"}}}));
  EXPECT_TRUE(all_hold(json, {{"aws:TagKeys", {}}}));
  EXPECT_TRUE(all_hold(json, {}));
}

TEST(Condition, ForAnyValueNeedsOneValueOfTheRequest) {
  constexpr auto json = R"({"ForAnyValue:StringLike": {"aws:TagKeys": ["e*"]}})";
  EXPECT_TRUE(all_hold(json, {{"aws:TagKeys", {"team", "env"}}}));
  EXPECT_FALSE(all_hold(json, {{"aws:TagKeys", {"team"}}}));
  EXPECT_FALSE(all_hold(json, {{"aws:TagKeys", {}}}));
  EXPECT_FALSE(all_hold(json, {}));
}

TEST(Condition, SetOperatorsAskNegatedOperatorsOfEachValue) {
  constexpr auto all = R"({"ForAllValues:StringNotEquals": {"a:k": ["x", "y"]}})";
  constexpr auto any = R"({"ForAnyValue:StringNotEquals": {"a:k": ["x", "y"]}})";
  EXPECT_TRUE(all_hold(all, {{"a:k", {"z"}}}));
  EXPECT_FALSE(all_hold(all, {{"a:k", {"z", "x"}}}));
  EXPECT_TRUE(all_hold(any, {{"a:k", {"z", "x"}}}));
  EXPECT_FALSE(all_hold(any, {{"a:k", {"y", "x"}}}));
  EXPECT_FALSE(all_hold(any, {}));
}

TEST(Condition, SetOperatorsTakeIfExists) {
  EXPECT_TRUE(all_hold(R"({"ForAnyValue:StringEqualsIfExists": {"a:k": "x"}})", {}));
}

TEST(Condition, ValuesMayBeNumbersAndBooleans) {
  EXPECT_TRUE(all_hold(R"({"Bool": {"a:k": true}})", {{"a:k", {"true"}}}));
  EXPECT_TRUE(all_hold(R"({"NumericLessThan": {"a:k": 2.5}})", {{"a:k", {"2"}}}));
  EXPECT_TRUE(all_hold(R"({"NumericEquals": {"a:k": [1, 2]}})", {{"a:k", {"2"}}}));
}

TEST(Condition, ComparesWithVariables) {
  constexpr auto json = R"({"StringEquals": {"a:k": "${a:l}-${*}"}})";
  EXPECT_TRUE(all_hold(json, {{"a:k", {"v-*"}}, {"a:l", {"v"}}}));
  constexpr auto arn = R"({"ArnLike": {"a:k": "arn:aws:iam::1:user/${a:l}*"}})";
  EXPECT_TRUE(all_hold(arn, {{"a:k", {"arn:aws:iam::1:user/v2"}}, {"a:l", {"v"}}}));
}

TEST(Condition, AnArnsWildcardStaysInItsPart) {
  EXPECT_FALSE(one("ArnLike", "arn:aws:*:::b", "arn:aws:s3:x:y::b"));
  EXPECT_TRUE(one("ArnLike", "arn:aws:*:::*", "arn:aws:s3:::b:c/d"));
}

TEST(Condition, ARequestValueOfAnotherTypeFitsNothing) {
  EXPECT_FALSE(one("NumericLessThan", "10", "five"));
  EXPECT_FALSE(one("NumericLessThan", "10", ""));
  EXPECT_FALSE(one("NumericLessThan", "10", "-inf"));
  EXPECT_FALSE(one("DateLessThan", "2026-01-01T00:00:00Z", "yesterday"));
  EXPECT_FALSE(one("IpAddress", "0.0.0.0/0", "10.0.0.1, 10.0.0.2"));
  EXPECT_FALSE(one("ArnLike", "arn:*:*:*:*:*", "user/alice"));
}

TEST(Condition, DatesHaveOffsetsAndBounds) {
  EXPECT_TRUE(one("DateEquals", "2026-01-01T00:00:00-01:30", "2026-01-01T01:30:00Z"));
  for (const auto* wrong : {"2026-01-01", "2026-13-01T00:00:00Z", "-1", "999999999999999999", "1e9",
                            "2026-01-01T00:00:00+24:00", "2026-01-01T00:00:00+0100", "+01:00"}) {
    EXPECT_EQ(error_of("{\"DateEquals\": {\"a:k\": \"" + std::string(wrong) + "\"}}"),
              "DateEquals.a:k must be an RFC 3339 date and time, or seconds since 1970.")
        << wrong;
  }
}

struct Wrong {
  std::string_view json, message;
};

TEST(Condition, ThatCannotBeReadIsInvalidAndNamed) {
  for (const Wrong& wrong : std::initializer_list<Wrong>{
           {R"([])", "The request body must be an object."},
           {R"({"StringEqual": {"a:k": "x"}})", "StringEqual is not a condition operator."},
           {R"({"stringequals": {"a:k": "x"}})", "stringequals is not a condition operator."},
           {R"({"BinaryEquals": {"a:k": "eA=="}})", "BinaryEquals is not a condition operator."},
           {R"({"ForSomeValues:StringLike": {}})",
            "ForSomeValues:StringLike is not a condition operator."},
           {R"({"NullIfExists": {"a:k": "true"}})", "NullIfExists is not a condition operator."},
           {R"({"ForAnyValue:Null": {}})", "ForAnyValue:Null is not a condition operator."},
           {R"({"StringEquals": "x"})", "StringEquals must be an object."},
           {R"({"StringEquals": {"k": "x"}})", "StringEquals.k is not a condition key."},
           {R"({"StringEquals": {"aws:": "x"}})", "StringEquals.aws: is not a condition key."},
           {R"({"StringEquals": {"a:k": []}})", "StringEquals.a:k must not be empty."},
           {R"({"StringEquals": {"a:k": {}}})",
            "StringEquals.a:k must be a string, a number or a boolean."},
           {R"({"StringEquals": {"a:k": ["x", ["y"]]}})",
            "StringEquals.a:k[1] must be a string, a number or a boolean."},
           {R"({"StringLike": {"a:k": "${a:b"}})", "StringLike.a:k: '${' has no '}'."},
           {R"({"NumericEquals": {"a:k": "ten"}})", "NumericEquals.a:k must be a number."},
           {R"({"NumericEquals": {"a:k": "inf"}})", "NumericEquals.a:k must be a number."},
           {R"({"NumericEquals": {"a:k": "${a:l}"}})", "NumericEquals.a:k must be a number."},
           {R"({"Bool": {"a:k": "yes"}})", "Bool.a:k must be true or false."},
           {R"({"IpAddress": {"a:k": "10.0.0.0/40"}})",
            "IpAddress.a:k must be an IP address or a block like 203.0.113.0/24."},
           {R"({"ArnLike": {"a:k": "arn:aws:s3"}})", "ArnLike.a:k must be an ARN of six parts."}}) {
    EXPECT_EQ(error_of(wrong.json), wrong.message);
  }
}

}  // namespace
}  // namespace hallmark::policy
