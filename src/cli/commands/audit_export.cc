#include <cerrno>
#include <charconv>
#include <cstdio>
#include <memory>

#include <fmt/format.h>

#include "cli/commands.h"
#include "cli/named_file.h"
#include "cli/output_file.h"
#include "server/audit_log.h"

namespace hallmark::cli {
namespace {

constexpr Option options[] = {
    {OptionKind::required, "--data-dir", "the data directory; a server may run on it"},
    {OptionKind::optional, "--from",
     "begin with this record: its number, or the time 2026-11-22T09:00:00Z (default: the first)"},
    {OptionKind::optional, "--to", "end with this record, the same (default: the last)"},
    {OptionKind::optional, "--node", "the number of a node (default: all)"},
    {OptionKind::optional, "--format",
     "lines, one for each record and checkpoint, to be verified alone; or cloudtrail (default: "
     "lines)"},
    optional_output_option,
    force_option,
};

Result<std::optional<audit::LogBound>> read_bound(const Arguments& arguments,
                                                  std::string_view name) {
  if (!arguments.has(name)) return std::optional<audit::LogBound>();
  const auto bound = audit::LogBound::parse(arguments.get(name));
  if (!bound) return wrong_usage(fmt::format("{} {}.", name, bound.error().message));
  return std::optional(*bound);
}

Result<server::AuditExport> read_export(const Arguments& arguments) {
  server::AuditExport what;
  TRY(what.range.from, read_bound(arguments, "--from"));
  TRY(what.range.to, read_bound(arguments, "--to"));
  if (arguments.has("--node")) {
    const std::string text = arguments.get("--node");
    std::int64_t node = -1;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), node);
    if (error != std::errc() || end != text.data() + text.size() || node < 0) {
      return wrong_usage("--node must be a number.");
    }
    what.range.node = node;
  }
  const std::string format = arguments.get("--format", "lines");
  if (format == "cloudtrail") {
    what.format = server::AuditFormat::cloudtrail;
  } else if (format != "lines") {
    return wrong_usage("--format must be lines or cloudtrail.");
  }
  return what;
}

Result<void> write_to_stdout(const server::DataDirectory& directory,
                             const server::AuditExport& what) {
  TRY(server::export_audit_log(directory, what, [](std::string_view text) -> Result<void> {
    if (std::fwrite(text.data(), 1, text.size(), stdout) == text.size()) return {};
    return system_error("write the export", errno);
  }));
  if (std::fflush(stdout) != 0) return system_error("write the export", errno);
  return {};
}

Result<void> write_to_file(const server::DataDirectory& directory, const server::AuditExport& what,
                           const OutputFile& output) {
  TRY(const auto file, NewFile::create(output.path().parent_path(), secret_file));
  TRY(server::export_audit_log(directory, what,
                               [&](std::string_view text) { return file->write(bytes_of(text)); }));
  return output.publish(*file);
}

Result<void> run(const Arguments& arguments) {
  TRY(const auto what, read_export(arguments));
  const server::DataDirectory directory{whole_path(arguments.get("--data-dir"))};
  if (!arguments.has(output_name)) return write_to_stdout(directory, what);
  TRY(const auto output, OutputFile::of(arguments));
  return write_to_file(directory, what, output);
}

}  // namespace

constinit const Command audit_export_command = {
    "audit export", "write the audit log to a file that is verified by itself", options, run};

}  // namespace hallmark::cli
