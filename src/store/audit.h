// Rows of the audit chain. Each record is linked to the one before it in commit order by the
// writer; head and sequence roll back with the unit's savepoint.
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
  std::int64_t sequence = 0;  // 1, 2, 3, … without a gap
  std::string body;
  Hash link;  // Link(previous link, hash of the body); the first has 32 zero bytes before it
};

Result<void> append_audit(Transaction& tx, const AuditRecord& record);
// In order, those after `after_sequence`, at most `count`.
Result<std::vector<AuditRow>> list_audit(Reader& rows, std::int64_t after_sequence,
                                         std::size_t count);

}  // namespace hallmark::store
