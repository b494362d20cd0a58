#include "audit/log_check.h"

#include <utility>

#include <fmt/format.h>

#include "audit/checkpoint.h"
#include "audit/record.h"
#include "crypto/digest.h"

namespace hallmark::audit {
namespace {

constexpr std::size_t nodes_max = export_nodes_max;

Error fault_at(std::int64_t node, std::int64_t sequence, std::string_view what) {
  return corrupt(fmt::format("node {}, record {}: {}", node, sequence, what));
}

}  // namespace

Result<void> LogCheck::take(const LogLine& line) {
  const bool is_first = !std::exchange(begun_, true);
  if (const auto* record = std::get_if<RecordLine>(&line)) return take_record(*record);
  if (const auto* checkpoint = std::get_if<CheckpointLine>(&line)) {
    return take_checkpoint(*checkpoint);
  }
  if (!is_first) return corrupt("the line of an export stands in the middle");
  return take_export(std::get<ExportLine>(line));
}

Result<LogCheck::Node*> LogCheck::node_of(std::int64_t number) {
  auto found = nodes_.find(number);
  if (found == nodes_.end()) {
    if (nodes_.size() == nodes_max) return corrupt("the log has too many nodes");
    found = nodes_.emplace(number, Node()).first;
    found->second.summary.node = number;
    found->second.summary.first = rules_.first.value_or(1);
    found->second.summary.last = found->second.summary.first - 1;
  }
  return &found->second;
}

Result<void> LogCheck::take_export(const ExportLine& line) {
  for (const ExportLine::Stretch& stretch : line.stretches) {
    if (stretch.first != rules_.first.value_or(stretch.first)) {
      return fault_at(stretch.node, *rules_.first, "it is missing");
    }
    TRY(Node * node, node_of(stretch.node));
    node->summary.first = stretch.first;
    node->summary.last = stretch.first - 1;
    node->last_expected = stretch.last;
  }
  return {};
}

const store::Hash* LogCheck::find_recent(const Node& node, std::int64_t sequence) const {
  const std::int64_t back = node.summary.last - sequence;
  if (back < 0 || back >= std::int64_t(node.recent.size())) return nullptr;
  return &node.recent[node.recent.size() - 1 - std::size_t(back)];
}

Result<void> LogCheck::take_record(const RecordLine& line) {
  const std::int64_t number = store::node_of(line.place);
  const std::int64_t sequence = store::sequence_of(line.place);
  TRY(Node * node, node_of(number));
  const auto fault = [&](std::string_view what) { return fault_at(number, sequence, what); };
  NodeSummary& summary = node->summary;
  if (sequence > summary.last + 1) return fault_at(number, summary.last + 1, "it is missing");
  if (!line.body && rules_.omitted == Omitted::refused) return fault("its text was left out");
  if (line.body && crypto::sha256(bytes_of(*line.body)) != line.body_hash) {
    return fault("it is not what was written");
  }
  if (link(line.previous, line.body_hash) != line.link) return fault("it is not what was written");
  if (sequence <= summary.last) {
    const store::Hash* seen = find_recent(*node, sequence);
    if (rules_.repeats == Repeats::allowed && seen != nullptr && *seen == line.link) return {};
    return fault("it stands after records that come later");
  }
  const bool is_first = node->recent.empty();
  const store::Hash before = is_first && sequence > 1 ? line.previous : node->link;
  if (line.previous != before) return fault("it does not follow from the one before");

  summary.last = sequence;
  node->link = line.link;
  node->recent.push_back(line.link);
  if (node->recent.size() > checkpoint_delay_records_max) node->recent.pop_front();
  return {};
}

Result<void> LogCheck::take_checkpoint(const CheckpointLine& line) {
  const std::int64_t number = store::node_of(line.checkpoint.place);
  const std::int64_t sequence = store::sequence_of(line.checkpoint.place);
  TRY(Node * node, node_of(number));
  const auto fault = [&](std::string_view what) {
    return fault_at(number, sequence, fmt::format("its checkpoint does not hold: {}", what));
  };
  const auto checked = check_checkpoint(line.checkpoint, line.chain, rules_.roots);
  if (!checked) return fault(checked.error().message);
  NodeSummary& summary = node->summary;
  if (sequence < summary.first) return {};  // of what this part of the log does not have
  if (sequence > summary.last) {
    return fault_at(number, summary.last + 1, "it is missing, and a checkpoint says that it was");
  }
  const store::Hash* seen = find_recent(*node, sequence);
  if (seen == nullptr) return fault("it stands too far from its record");
  if (*seen != line.checkpoint.link) return fault("the record is another");
  ++summary.checkpoints;
  if (sequence >= summary.checkpointed) {
    summary.checkpointed = sequence;
    summary.checkpointed_at = line.checkpoint.signed_at;
  }
  return {};
}

Result<std::vector<NodeSummary>> LogCheck::finish() const {
  std::vector<NodeSummary> summaries;
  for (const auto& [number, node] : nodes_) {
    const NodeSummary& summary = node.summary;
    if (node.last_expected && summary.last != *node.last_expected) {
      return fault_at(number, summary.last + 1, "it is missing");
    }
    if (summary.last < summary.first) continue;  // nothing was seen
    if (summary.checkpoints == 0) {
      return fault_at(number, summary.first, "no checkpoint vouches for it, nor for any after it");
    }
    if (summary.last - summary.checkpointed > records_after_checkpoint_max) {
      return fault_at(number, summary.checkpointed + 1,
                      "no checkpoint vouches for it, and too many follow without one");
    }
    summaries.push_back(summary);
  }
  if (summaries.empty()) return corrupt("there is no record");
  return summaries;
}

}  // namespace hallmark::audit
