// Judges an audit log, line after line, in memory that does not grow with it.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <vector>

#include "audit/log_line.h"
#include "base/result.h"
#include "crypto/x509.h"

namespace hallmark::audit {

// A copy has a checkpoint where it was signed, a little after its record: at most so many records.
inline constexpr std::size_t checkpoint_delay_records_max = 65'536;
// More than these without a checkpoint at the end of a chain, and nobody signs them any more.
inline constexpr std::int64_t records_after_checkpoint_max = 20'000;  // they are made every 1,000

enum class Repeats { refused, allowed };
enum class Omitted { refused, allowed };

struct LogRules {
  std::vector<crypto::Certificate> roots = {};  // that checkpoints lead to; none: not looked at
  std::optional<std::int64_t> first = {};       // of each node; nothing: as a first line says, or 1
  Repeats repeats = Repeats::refused;           // of lines, word for word
  Omitted omitted = Omitted::refused;           // records of which a line has the hash alone
};

// What was seen of a node.
struct NodeSummary {
  std::int64_t node = 0;
  std::int64_t first = 0;
  std::int64_t last = 0;
  std::int64_t checkpoints = 0;
  std::int64_t checkpointed = 0;  // the sequence of the last checkpoint's record
  Timestamp checkpointed_at = {};
};

class LogCheck {
 public:
  explicit LogCheck(LogRules rules) : rules_(std::move(rules)) {}

  // Corrupt, naming node and sequence of the first record that is not what was written, is missing,
  // or is not at its place; or of the checkpoint that does not hold.
  Result<void> take(const LogLine& line);
  // That nothing is missing at the end, as far as the log itself tells, and that each chain has a
  // checkpoint. Once, after all lines.
  Result<std::vector<NodeSummary>> finish() const;

 private:
  struct Node {
    NodeSummary summary;
    std::optional<std::int64_t> last_expected;  // as the first line says
    store::Hash link = {};                      // of the last record
    std::deque<store::Hash> recent;             // links, up to that one
  };
  Result<void> take_record(const RecordLine& line);
  Result<void> take_checkpoint(const CheckpointLine& line);
  Result<void> take_export(const ExportLine& line);
  Result<Node*> node_of(std::int64_t number);
  const store::Hash* find_recent(const Node& node, std::int64_t sequence) const;

  const LogRules rules_;
  std::map<std::int64_t, Node> nodes_;
  bool begun_ = false;
};

}  // namespace hallmark::audit
