#include "policy/operators.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <concepts>
#include <functional>
#include <optional>
#include <string>

#include "base/check.h"
#include "base/clock.h"

namespace hallmark::policy {
namespace {

constexpr std::int64_t epoch_seconds_max = 253'402'300'799;  // the end of the year 9999
constexpr int arn_separators = 5;

std::optional<double> parse_number(std::string_view text) {
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(number)) return {};
  return number;
}

// RFC 3339 §5.6 with an offset from UTC, which base reads only as zero.
std::optional<std::int64_t> parse_offset_date(std::string_view text) {
  constexpr std::size_t offset_size = 6;  // "+01:00"
  if (text.size() < offset_size) return {};
  const std::string_view offset = text.substr(text.size() - offset_size);
  const auto digit = [&](std::size_t at) { return offset[at] >= '0' && offset[at] <= '9'; };
  const bool shaped = (offset[0] == '+' || offset[0] == '-') && digit(1) && digit(2) &&
                      offset[3] == ':' && digit(4) && digit(5);
  if (!shaped) return {};
  const int hours = (offset[1] - '0') * 10 + (offset[2] - '0');
  const int minutes = (offset[4] - '0') * 10 + (offset[5] - '0');
  if (hours > 23 || minutes > 59) return {};
  const auto local = from_rfc3339(std::string(text.substr(0, text.size() - offset_size)) + "Z");
  if (!local) return {};
  const std::int64_t ahead = (hours * 60 + minutes) * std::int64_t(60'000);
  return unix_millis(*local) + (offset[0] == '+' ? -ahead : ahead);
}

// Milliseconds since 1970 of an RFC 3339 text or of seconds since 1970.
std::optional<std::int64_t> parse_date(std::string_view text) {
  std::int64_t seconds = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (error == std::errc() && end == text.data() + text.size()) {
    if (seconds < 0 || seconds > epoch_seconds_max) return {};
    return seconds * 1000;
  }
  if (const auto utc = from_rfc3339(text)) return unix_millis(*utc);
  return parse_offset_date(text);
}

bool text_equals(const Operand& expected, std::string_view actual) {
  return equals(expected.pattern, actual, LetterCase::exact);
}
bool text_equals_ignoring_case(const Operand& expected, std::string_view actual) {
  return equals(expected.pattern, actual, LetterCase::ignored);
}
bool text_like(const Operand& expected, std::string_view actual) {
  return matches(expected.pattern, actual, LetterCase::exact);
}

template <class Compare>
requires std::predicate<Compare, double, double>
bool number_is(const Operand& expected, std::string_view actual) {
  const auto value = parse_number(actual);
  return value && Compare()(*value, expected.number);
}

template <class Compare>
requires std::predicate<Compare, std::int64_t, std::int64_t>
bool date_is(const Operand& expected, std::string_view actual) {
  const auto value = parse_date(actual);
  return value && Compare()(*value, expected.millis);
}

bool in_block(const Operand& expected, std::string_view actual) {
  const auto address = parse_address(actual);
  return address && expected.block.contains(*address);
}

// "Each of the six colon-delimited components of the ARN is checked separately and each can include
// a multi-character match wildcard (*) or a single-character match wildcard (?)."
bool arn_like(const Operand& expected, std::string_view actual) {
  std::span<const Symbol> pattern = expected.pattern;
  for (int component = 0; component < arn_separators; ++component) {
    const auto found = std::ranges::find(pattern, Symbol(':'));
    const std::size_t colon = actual.find(':');
    if (found == pattern.end() || colon == std::string_view::npos) return false;
    const auto length = std::size_t(found - pattern.begin());
    if (!matches(pattern.first(length), actual.substr(0, colon), LetterCase::exact)) return false;
    pattern = pattern.subspan(length + 1);
    actual.remove_prefix(colon + 1);
  }
  return matches(pattern, actual, LetterCase::exact);
}

using enum ValueType;
using enum Polarity;

constexpr std::array operators = {
    Operator{"StringEquals", text, positive, text_equals},
    Operator{"StringNotEquals", text, negative, text_equals},
    Operator{"StringEqualsIgnoreCase", text, positive, text_equals_ignoring_case},
    Operator{"StringNotEqualsIgnoreCase", text, negative, text_equals_ignoring_case},
    Operator{"StringLike", text, positive, text_like},
    Operator{"StringNotLike", text, negative, text_like},
    Operator{"NumericEquals", number, positive, number_is<std::equal_to<>>},
    Operator{"NumericNotEquals", number, negative, number_is<std::equal_to<>>},
    Operator{"NumericLessThan", number, positive, number_is<std::less<>>},
    Operator{"NumericLessThanEquals", number, positive, number_is<std::less_equal<>>},
    Operator{"NumericGreaterThan", number, positive, number_is<std::greater<>>},
    Operator{"NumericGreaterThanEquals", number, positive, number_is<std::greater_equal<>>},
    Operator{"DateEquals", date, positive, date_is<std::equal_to<>>},
    Operator{"DateNotEquals", date, negative, date_is<std::equal_to<>>},
    Operator{"DateLessThan", date, positive, date_is<std::less<>>},
    Operator{"DateLessThanEquals", date, positive, date_is<std::less_equal<>>},
    Operator{"DateGreaterThan", date, positive, date_is<std::greater<>>},
    Operator{"DateGreaterThanEquals", date, positive, date_is<std::greater_equal<>>},
    Operator{"Bool", boolean, positive, text_equals_ignoring_case},
    Operator{"IpAddress", address, positive, in_block},
    Operator{"NotIpAddress", address, negative, in_block},
    Operator{"ArnEquals", arn, positive, arn_like},
    Operator{"ArnLike", arn, positive, arn_like},
    Operator{"ArnNotEquals", arn, negative, arn_like},
    Operator{"ArnNotLike", arn, negative, arn_like},
    Operator{"Null", boolean, positive, text_equals, Subject::presence},
};

}  // namespace

std::span<const Operator> all_operators() { return operators; }

const Operator* find_operator(std::string_view name) {
  const auto* found = std::ranges::find(operators, name, &Operator::name);
  return found == operators.end() ? nullptr : found;
}

Result<Operand> parse_operand(ValueType type, std::string_view written) {
  Operand operand;
  switch (type) {
    case ValueType::text:
    case ValueType::arn: CHECK(false);
    case ValueType::number: {
      const auto value = parse_number(written);
      if (!value) return invalid("must be a number");
      operand.number = *value;
      return operand;
    }
    case ValueType::date: {
      const auto value = parse_date(written);
      if (!value) return invalid("must be an RFC 3339 date and time, or seconds since 1970");
      operand.millis = *value;
      return operand;
    }
    case ValueType::boolean: {
      const bool is_true = equals_ignoring_case(written, "true");
      if (!is_true && !equals_ignoring_case(written, "false")) {
        return invalid("must be true or false");
      }
      append_literal(operand.pattern, is_true ? "true" : "false");
      return operand;
    }
    case ValueType::address: {
      const auto block = parse_address_block(written);
      if (!block) return invalid("must be an IP address or a block like 203.0.113.0/24");
      operand.block = *block;
      return operand;
    }
  }
  CHECK(false);
  return operand;
}

}  // namespace hallmark::policy
