// Rows beside the audit chain: the signed ends of it, and how far its copies are. Neither is ever
// removed by the service.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/uuid.h"
#include "store/store.h"

namespace hallmark::store {

// The end of a node's chain at some moment, signed.
struct AuditCheckpoint {
  std::int64_t place = 0;  // of the record, as AuditRow::sequence
  Hash link = {};          // of that record
  Timestamp signed_at;
  Uuid certificate;  // its row's: whose key signed
  Bytes signature;
};

// Conflict: there is one of that record.
Result<void> insert_checkpoint(Transaction& tx, const AuditCheckpoint& checkpoint);
// In order, node after node, those after `place`, at most `count`.
Result<std::vector<AuditCheckpoint>> list_checkpoints(Reader& rows, std::int64_t after_place,
                                                      std::size_t count);
Result<std::optional<AuditCheckpoint>> find_newest_checkpoint(Reader& rows, std::int64_t node);

// The number of the node that this process is (audit.h).
std::int64_t this_node(Transaction& tx);

// The last record of a node's chain.
struct AuditEnd {
  std::int64_t sequence = 0;  // 0: there is none
  Hash link = {};
};
Result<AuditEnd> find_audit_end(Reader& rows, std::int64_t node);
// The nodes that have a record or a checkpoint, in order.
Result<std::vector<std::int64_t>> list_audit_nodes(Reader& rows);

// How far a copy of this node's chain is: what it has of each.
struct AuditCursor {
  std::int64_t record = 0;      // the place of the last record
  std::int64_t checkpoint = 0;  // of the last checkpoint
};
Result<AuditCursor> find_audit_cursor(Reader& rows, std::int64_t node, std::string_view sink);
Result<void> put_audit_cursor(Transaction& tx, std::string_view sink, const AuditCursor& cursor);

}  // namespace hallmark::store
