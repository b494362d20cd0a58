#include <cerrno>

#include <fcntl.h>
#include <unistd.h>

#include <charconv>

#include <fmt/format.h>

#include "audit/log_reader.h"
#include "base/file.h"
#include "base/operator_words.h"
#include "cli/certificate_file.h"
#include "cli/commands.h"
#include "server/audit_log.h"

namespace hallmark::cli {
namespace {

constexpr Option options[] = {
    {OptionKind::optional, "FILE",
     "an export or a copy of the audit log, or - for standard input (default: the installation's)"},
    {OptionKind::optional, "--data-dir", "the data directory; a server may run on it"},
    {OptionKind::optional, "--trust-root",
     "PEM file with the root certificates that checkpoints lead to (default: those of --data-dir)"},
    {OptionKind::optional, "--from",
     "the number of the first record of FILE, where older ones are elsewhere (default: 1, or as an "
     "export says)"},
    {OptionKind::flag, "--repeats", "lines of FILE may come twice, as syslog may send them"},
    {OptionKind::flag, "--omitted",
     "lines of FILE may leave their record out, as those of syslog do that are too long"},
};

Result<std::vector<crypto::Certificate>> read_roots(const Arguments& arguments) {
  NamedFile file{arguments.get("--trust-root"), "--trust-root"};
  if (file.path.empty() && arguments.has("--data-dir")) {
    const server::DataDirectory directory{whole_path(arguments.get("--data-dir"))};
    TRY(server::require_initialised(directory));
    file = {directory.root_certificates().string(), {}};
  }
  if (file.path.empty()) return std::vector<crypto::Certificate>();
  return read_certificates(file);
}

Result<std::optional<std::int64_t>> read_first(const Arguments& arguments) {
  if (!arguments.has("--from")) return std::optional<std::int64_t>();
  const std::string text = arguments.get("--from");
  std::int64_t first = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), first);
  if (error == std::errc() && end == text.data() + text.size() && first > 0) {
    return std::optional(first);
  }
  return wrong_usage("--from must be the number of a record.");
}

Result<std::vector<audit::NodeSummary>> verify_file(const Arguments& arguments,
                                                    std::vector<crypto::Certificate> roots) {
  TRY(const auto first, read_first(arguments));
  audit::LogRules rules{
      .roots = std::move(roots),
      .first = first,
      .repeats = arguments.has("--repeats") ? audit::Repeats::allowed : audit::Repeats::refused,
      .omitted = arguments.has("--omitted") ? audit::Omitted::allowed : audit::Omitted::refused};
  const std::string path = arguments.get("FILE");
  const bool is_standard_input = path == "-";
  const int descriptor = is_standard_input ? ::dup(STDIN_FILENO)
                                           : ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY);
  if (descriptor < 0) return system_error(fmt::format("open {}", path), errno);
  const File file(descriptor, 0);  // closes it
  auto checked = audit::check_log(descriptor, std::move(rules));
  if (checked || find_machine_refusal(checked.error())) return checked;
  return corrupt(
      fmt::format("{}: {}", is_standard_input ? "standard input" : path, checked.error().message));
}

void print(const audit::NodeSummary& node) {
  fmt::print(
      "node {}: records {} to {}; {} checkpoints, the last of record {} at {}; {} after it, for "
      "which nobody vouches yet\n",
      node.node, node.first, node.last, node.checkpoints, node.checkpointed,
      to_rfc3339(node.checkpointed_at), node.last - node.checkpointed);
}

Result<void> run(const Arguments& arguments) {
  if (!arguments.has("FILE") && !arguments.has("--data-dir")) {
    return wrong_usage("Name a FILE or a --data-dir.");
  }
  TRY(const auto roots, read_roots(arguments));
  const bool has_roots = !roots.empty();
  Result<std::vector<audit::NodeSummary>> verified =
      arguments.has("FILE")
          ? verify_file(arguments, roots)
          : server::verify_audit_log({whole_path(arguments.get("--data-dir"))}, roots);
  if (!verified) return std::move(verified.error());
  bool is_whole = true;
  for (const audit::NodeSummary& node : *verified) {
    print(node);
    is_whole = is_whole && node.first == 1;
  }
  fmt::print("the audit log is sound{}{}\n", is_whole ? "" : " from its first record on",
             has_roots ? "" : ", if its own certificates are to be trusted: see --trust-root");
  return {};
}

}  // namespace

constinit const Command audit_verify_command = {
    "audit verify", "check the audit log, or an export or a copy of it, for any change", options,
    run};

}  // namespace hallmark::cli
