// The audit log of an installation, for its commands: read from the store as it is, while a server
// runs or not, without any key.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "audit/log_check.h"
#include "audit/log_walk.h"
#include "base/result.h"
#include "server/data_directory.h"

namespace hallmark::server {

// All of it, judged. Checkpoints have to lead to one of `roots`. Corrupt, naming the first record
// that is wrong.
Result<std::vector<audit::NodeSummary>> verify_audit_log(
    const DataDirectory& directory, const std::vector<crypto::Certificate>& roots);

enum class AuditFormat { lines, cloudtrail };  // cloudtrail: {"Records":[…]}, the records alone
struct AuditExport {
  audit::LogRange range = {};
  AuditFormat format = AuditFormat::lines;
};
// Writes it to `output` in pieces. Lines are as audit/log_line.h says, after a first one that tells
// what follows, so that a file that lacks something is known by itself.
Result<void> export_audit_log(const DataDirectory& directory, const AuditExport& what,
                              const std::function<Result<void>(std::string_view)>& output);

}  // namespace hallmark::server
