#include "api/signer/query_time.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "model/text_rules.h"

namespace hallmark::api {
namespace {

constexpr std::size_t second_digits_max = 11;  // to the year 5138
constexpr std::size_t fraction_digits_max = 9;

bool all_digits(std::string_view text, std::size_t digits_max) {
  return model::consists_of(text, 1, digits_max, model::is_digit);
}

std::int64_t number_of(std::string_view digits) {
  std::int64_t number = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), number);
  return number;
}

// "1700000000" or "1700000000.5"; the fraction is cut to milliseconds.
std::optional<Timestamp> find_epoch_time(std::string_view text) {
  const auto point = std::min(text.find('.'), text.size());
  const std::string_view seconds = text.substr(0, point);
  if (!all_digits(seconds, second_digits_max)) return std::nullopt;
  std::string millis = "000";
  if (point < text.size()) {
    const std::string_view fraction = text.substr(point + 1);
    if (!all_digits(fraction, fraction_digits_max)) return std::nullopt;
    fraction.copy(millis.data(), millis.size());
  }
  return from_unix_millis(number_of(seconds) * 1000 + number_of(millis));
}

}  // namespace

Result<std::optional<Timestamp>> read_time(const Query& query, std::string_view name) {
  const std::string raw = query.get(name);
  if (raw.empty()) return std::optional<Timestamp>();
  if (const auto time = find_epoch_time(raw)) return time;
  const auto time = from_rfc3339(raw);
  if (time) return std::optional(*time);
  return invalid(fmt::format(
      "{} must be a timestamp in UTC, as 2023-11-14T22:13:20Z, or seconds since 1970.", name));
}

}  // namespace hallmark::api
