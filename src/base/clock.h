// Time: the one type of the program, its texts, and the clock that is passed in.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "base/result.h"

namespace hallmark {

// UTC, in milliseconds: the precision of UUIDv7, of the signing time and of what is stored.
using Timestamp = std::chrono::sys_time<std::chrono::milliseconds>;

// Wall time, which may jump when the machine's clock is set. Safe to call from any thread.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual Timestamp now() const = 0;
};

class SystemClock final : public Clock {
 public:
  Timestamp now() const override;
};

// "2026-11-22T09:08:07Z", or with ".123" before the Z when the milliseconds are not zero.
std::string to_rfc3339(Timestamp time);
// "20261122T090807Z": ISO 8601 basic, as SigV4 writes it. Milliseconds are cut.
std::string to_basic(Timestamp time);
// "20261122": the date of a SigV4 credential scope.
std::string to_basic_date(Timestamp time);
// "Sun, 22 Nov 2026 09:08:07 GMT": the Date header (RFC 9110 §5.6.7).
std::string to_http_date(Timestamp time);

// The exact inverse of to_basic. Years 1970 to 9999; anything else is invalid.
Result<Timestamp> from_basic(std::string_view text);
// RFC 3339 in UTC ("Z" or "+00:00"), with up to nine fraction digits, cut to milliseconds.
Result<Timestamp> from_rfc3339(std::string_view text);

// Whole seconds since 1970, rounded down.
std::int64_t unix_seconds(Timestamp time);
std::int64_t unix_millis(Timestamp time);
Timestamp from_unix_seconds(std::int64_t seconds);
Timestamp from_unix_millis(std::int64_t millis);

// Calendar arithmetic: the same day and time `count` months later, the day clamped to the month's
// last one (31 January + 1 month = 28 or 29 February).
Timestamp plus_months(Timestamp time, int count);

}  // namespace hallmark
