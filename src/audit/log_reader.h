// A copy or an export of the audit log, read as bytes from outside.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "audit/log_check.h"
#include "base/bytes.h"
#include "base/result.h"

namespace hallmark::audit {

// Takes the bytes in pieces of any size and judges each line when it is whole.
class LogReader {
 public:
  explicit LogReader(LogRules rules) : check_(std::move(rules)) {}

  // Corrupt, naming the line, and of a record its node and sequence: the first that is not as it
  // was written.
  Result<void> take(ByteView bytes);
  // As LogCheck's; corrupt also when there is no line, or the last one is not whole.
  Result<std::vector<NodeSummary>> finish() const;

 private:
  Result<void> take_line(std::string_view line);

  LogCheck check_;
  std::string part_;  // of a line that is not whole yet
  std::int64_t lines_ = 0;
};

// The same with all that a descriptor gives.
Result<std::vector<NodeSummary>> check_log(int descriptor, LogRules rules);

}  // namespace hallmark::audit
