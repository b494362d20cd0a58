// The audit log as the store has it, read from the beginning to the end in bounded pieces.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>
#include <variant>
#include <vector>

#include "audit/log_line.h"
#include "base/result.h"
#include "store/store.h"

namespace hallmark::audit {

// What of it: of one node or of all, from one record to another; each bound is a sequence or a
// time. A time is that of the records (eventTime), which are in the order of their commits, and so
// in that of their times but for seconds.
struct LogBound {
  std::variant<std::int64_t, Timestamp> at;

  // "1234" or "2026-11-22T09:00:00Z". Invalid: neither.
  static Result<LogBound> parse(std::string_view text);
};
struct LogRange {
  std::optional<std::int64_t> node = {};
  std::optional<LogBound> from = {};
  std::optional<LogBound> to = {};  // up to and including
};

// The range in sequences, of each node that has something in it, as it is now. Corrupt: a
// checkpoint vouches for records that are not there, of which the first is named.
Result<std::vector<ExportLine::Stretch>> find_stretches(store::Store& store, const LogRange& range);

// Calls `take` with each record of the stretch and, after it, with its checkpoint. What a record's
// line says is as it should be: a wrong one is found by LogCheck.
Result<void> walk_log(store::Store& store, const ExportLine::Stretch& stretch,
                      const std::function<Result<void>(const LogLine&)>& take);

}  // namespace hallmark::audit
