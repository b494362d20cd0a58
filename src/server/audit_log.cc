#include "server/audit_log.h"

#include "server/store_place.h"

namespace hallmark::server {
namespace {

using Output = std::function<Result<void>(std::string_view)>;
using Stretches = std::vector<audit::ExportLine::Stretch>;

Result<void> export_lines(store::Store& store, const Stretches& stretches, const Output& output) {
  TRY(output(audit::text_of(audit::ExportLine{SystemClock().now(), stretches}) + "\n"));
  const auto write = [&](const audit::LogLine& line) {
    return output(std::visit([](const auto& one) { return audit::text_of(one); }, line) + "\n");
  };
  for (const auto& stretch : stretches) TRY(audit::walk_log(store, stretch, write));
  return {};
}

Result<void> export_records(store::Store& store, const Stretches& stretches, const Output& output) {
  TRY(output("{\"Records\":["));
  std::string_view between = "\n";
  const auto write = [&](const audit::LogLine& line) -> Result<void> {
    const auto* const record = std::get_if<audit::RecordLine>(&line);
    if (record == nullptr || !record->body) return {};
    TRY(output(std::string(between) + *record->body));
    between = ",\n";
    return {};
  };
  for (const auto& stretch : stretches) TRY(audit::walk_log(store, stretch, write));
  return output("\n]}\n");
}

}  // namespace

Result<std::vector<audit::NodeSummary>> verify_audit_log(
    const DataDirectory& directory, const std::vector<crypto::Certificate>& roots) {
  TRY(const auto store, open_store_for_reading(directory));
  TRY(const auto stretches, audit::find_stretches(*store, {}));
  audit::LogCheck check({.roots = roots});
  TRY(check.take(audit::ExportLine{{}, stretches}));
  for (const auto& stretch : stretches) {
    TRY(audit::walk_log(*store, stretch,
                        [&](const audit::LogLine& line) { return check.take(line); }));
  }
  return check.finish();
}

Result<void> export_audit_log(const DataDirectory& directory, const AuditExport& what,
                              const Output& output) {
  TRY(const auto store, open_store_for_reading(directory));
  TRY(const auto stretches, audit::find_stretches(*store, what.range));
  switch (what.format) {
    case AuditFormat::lines: return export_lines(*store, stretches, output);
    case AuditFormat::cloudtrail: return export_records(*store, stretches, output);
  }
  return {};
}

}  // namespace hallmark::server
