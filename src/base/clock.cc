#include "base/clock.h"

#include <array>

#include <fmt/format.h>

namespace hallmark {
namespace {

using std::chrono::days;
using std::chrono::floor;
using std::chrono::hh_mm_ss;
using std::chrono::milliseconds;
using std::chrono::seconds;
using std::chrono::sys_days;
using std::chrono::year_month_day;

constexpr std::size_t time_characters_max = 24;  // "2026-11-22T09:08:07.123Z"

struct Parts {
  int year;
  unsigned month, day;
  long hour, minute, second, millis;
};

Parts parts_of(Timestamp time) {
  const auto day = floor<days>(time);
  const year_month_day date(day);
  const hh_mm_ss clock(time - day);
  return {int(date.year()),          unsigned(date.month()),  unsigned(date.day()),
          clock.hours().count(),     clock.minutes().count(), clock.seconds().count(),
          clock.subseconds().count()};
}

// By hand: a format would have to be read each time, and times are in every answer and record.
void append_number(std::string& to, long value, std::size_t digits_min) {
  const fmt::format_int number(value);
  if (number.size() < digits_min) to.append(digits_min - number.size(), '0');
  to.append(number.data(), number.size());
}

// "2026-11-22T09:08:07" with these separators, or without those that are empty.
std::string text_of(const Parts& p, std::string_view in_date, std::string_view in_time) {
  std::string text;
  text.reserve(time_characters_max);
  append_number(text, p.year, 4);
  append_number(text.append(in_date), long(p.month), 2);
  append_number(text.append(in_date), long(p.day), 2);
  append_number(text.append("T"), p.hour, 2);
  append_number(text.append(in_time), p.minute, 2);
  append_number(text.append(in_time), p.second, 2);
  return text;
}

// The number in a run of digits, or -1.
long digits(std::string_view text) {
  long value = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return -1;
    value = value * 10 + (c - '0');
  }
  return value;
}

Result<Timestamp> assemble(long year, long month, long day, long hour, long minute, long second,
                           long millis) {
  const bool digits_only =
      year >= 0 && month >= 0 && day >= 0 && hour >= 0 && minute >= 0 && second >= 0;
  const year_month_day date{std::chrono::year(int(year)), std::chrono::month(unsigned(month)),
                            std::chrono::day(unsigned(day))};
  if (!digits_only || !date.ok() || year < 1970 || hour > 23 || minute > 59 || second > 59) {
    return invalid("not a valid date and time");
  }
  return Timestamp(sys_days(date).time_since_epoch() + std::chrono::hours(hour) +
                   std::chrono::minutes(minute) + seconds(second) + milliseconds(millis));
}

}  // namespace

Timestamp SystemClock::now() const { return floor<milliseconds>(std::chrono::system_clock::now()); }

std::string to_rfc3339(Timestamp time) {
  const Parts p = parts_of(time);
  std::string text = text_of(p, "-", ":");
  if (p.millis != 0) append_number(text.append("."), p.millis, 3);
  return text.append("Z");
}

std::string to_basic(Timestamp time) { return text_of(parts_of(time), "", "").append("Z"); }

std::string to_basic_date(Timestamp time) {
  const Parts p = parts_of(time);
  return fmt::format("{:04}{:02}{:02}", p.year, p.month, p.day);
}

std::string to_http_date(Timestamp time) {
  static constexpr std::array<std::string_view, 7> weekdays = {"Sun", "Mon", "Tue", "Wed",
                                                               "Thu", "Fri", "Sat"};
  static constexpr std::array<std::string_view, 12> months = {
      "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const Parts p = parts_of(time);
  const std::chrono::weekday weekday(floor<days>(time));
  return fmt::format("{}, {:02} {} {:04} {:02}:{:02}:{:02} GMT", weekdays[weekday.c_encoding()],
                     p.day, months[p.month - 1], p.year, p.hour, p.minute, p.second);
}

Result<Timestamp> from_basic(std::string_view text) {
  if (text.size() != 16 || text[8] != 'T' || text[15] != 'Z') {
    return invalid("not a date and time of the form 20261122T090807Z");
  }
  return assemble(digits(text.substr(0, 4)), digits(text.substr(4, 2)), digits(text.substr(6, 2)),
                  digits(text.substr(9, 2)), digits(text.substr(11, 2)), digits(text.substr(13, 2)),
                  0);
}

Result<Timestamp> from_rfc3339(std::string_view text) {
  const auto wrong = [] { return invalid("not a date and time of the form 2026-11-22T09:08:07Z"); };
  if (text.size() < 20 || text[4] != '-' || text[7] != '-' || text[10] != 'T' || text[13] != ':' ||
      text[16] != ':') {
    return wrong();
  }
  std::string_view rest = text.substr(19);
  long millis = 0;
  if (rest.starts_with('.')) {
    const std::size_t end = rest.find_first_not_of("0123456789", 1);
    if (end == std::string_view::npos || end < 2 || end > 10) return wrong();
    std::string fraction(rest.substr(1, end - 1));
    fraction.resize(3, '0');
    millis = digits(fraction);
    rest = rest.substr(end);
  }
  if (rest != "Z" && rest != "+00:00") return wrong();
  return assemble(digits(text.substr(0, 4)), digits(text.substr(5, 2)), digits(text.substr(8, 2)),
                  digits(text.substr(11, 2)), digits(text.substr(14, 2)),
                  digits(text.substr(17, 2)), millis);
}

std::int64_t unix_seconds(Timestamp time) {
  return floor<seconds>(time).time_since_epoch().count();
}
std::int64_t unix_millis(Timestamp time) { return time.time_since_epoch().count(); }
Timestamp from_unix_seconds(std::int64_t value) { return Timestamp(seconds(value)); }
Timestamp from_unix_millis(std::int64_t value) { return Timestamp(milliseconds(value)); }

Timestamp plus_months(Timestamp time, int count) {
  const auto day = floor<days>(time);
  year_month_day date = year_month_day(day) + std::chrono::months(count);
  if (!date.ok()) date = date.year() / date.month() / std::chrono::last;
  return Timestamp(sys_days(date).time_since_epoch() + (time - day));
}

}  // namespace hallmark
