// Rows of the audit chain. Each record is linked to the one before it in commit order by the
// writer; head and sequence roll back with the unit.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "store/store.h"

namespace hallmark::store {

struct AuditRecord {
  std::string body;  // JSON, final
  Hash body_hash;    // of the body, computed by who made it
};

struct AuditRow {
  // Where it is among all: the node's number above the sequence (see sequence_of).
  std::int64_t sequence = 0;
  std::string body;
  Hash link;  // Link(previous link, hash of the body); the first has 32 zero bytes before it
};

// Each node has a chain of its own, in the order of its commits: 1, 2, 3, … without a gap. The
// number of the node, which is 0 where there is one process, is in the bits above.
inline constexpr int audit_sequence_bits = 40;
constexpr std::int64_t audit_place(std::int64_t node, std::int64_t sequence) {
  return node << audit_sequence_bits | sequence;
}
constexpr std::int64_t node_of(std::int64_t place) { return place >> audit_sequence_bits; }
constexpr std::int64_t sequence_of(std::int64_t place) {
  return place & ((std::int64_t(1) << audit_sequence_bits) - 1);
}

Result<void> append_audit(Transaction& tx, const AuditRecord& record);
// In order, node after node, those after `after_sequence`, at most `count`.
Result<std::vector<AuditRow>> list_audit(Reader& rows, std::int64_t after_sequence,
                                         std::size_t count);

}  // namespace hallmark::store
