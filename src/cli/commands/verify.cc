#include <cstdio>

#include <fmt/format.h>

#include "base/file.h"
#include "base/json.h"
#include "cli/commands.h"
#include "formats/format.h"
#include "server/data_directory.h"

namespace hallmark::cli {
namespace {

constexpr std::size_t roots_bytes_max = 1024 * 1024;

constexpr Option options[] = {
    {OptionKind::positional, "FILE", "the signed file"},
    {OptionKind::optional, "--trust-root", "PEM file with the trusted root certificates"},
    {OptionKind::optional, "--data-dir", "trust the root of this installation instead"},
    {OptionKind::flag, "--json", "print the result as JSON"},
};

Result<std::vector<crypto::Certificate>> read_roots(const Arguments& arguments) {
  if (arguments.has("--trust-root") == arguments.has("--data-dir")) {
    return wrong_usage("Name the trusted root with either --trust-root or --data-dir.");
  }
  const std::filesystem::path path =
      arguments.has("--trust-root")
          ? std::filesystem::path(arguments.get("--trust-root"))
          : server::DataDirectory{arguments.get("--data-dir")}.root_certificates();
  auto pem = read_file(path, roots_bytes_max);
  if (!pem) return invalid(fmt::format("{} cannot be read.", path.string()));
  return crypto::certificates_from_pem(*pem);
}

Result<formats::Verification> verify(const ReadAt& file,
                                     const std::vector<crypto::Certificate>& roots) {
  for (const formats::Format* format : formats::all_formats()) {
    if (format->recognizes(file)) return format->verify(file, roots, SystemClock().now());
  }
  return corrupt("It has none of the known signed formats.");
}

void print_text(const formats::Verification& verified) {
  const formats::Statement& statement = verified.statement;
  fmt::print("valid\n");
  fmt::print("  job              {}\n", statement.job_arn);
  fmt::print("  profile version  {}\n", statement.profile_version_arn);
  fmt::print("  signed at        {}\n", to_rfc3339(statement.signing_time));
  fmt::print("  expires at       {}\n", to_rfc3339(statement.expires_at));
  fmt::print("  entries          {}\n", verified.entries);
  fmt::print("  symbolic links   {}\n", verified.symbolic_links);
  fmt::print("  chain\n");
  for (const crypto::Certificate& certificate : verified.chain) {
    fmt::print("    {} (until {})\n", certificate.subject, to_rfc3339(certificate.not_after));
  }
  fmt::print("  revocation       not checked (offline)\n");
}

void print_json(const Result<formats::Verification>& verified) {
  JsonWriter json;
  json.begin_object().member("valid", verified.has_value());
  if (!verified) {
    json.member("reason", verified.error().message);
  } else {
    const formats::Statement& statement = verified->statement;
    json.member("jobArn", statement.job_arn);
    json.member("profileVersionArn", statement.profile_version_arn);
    json.member("signedAt", to_rfc3339(statement.signing_time));
    json.member("expiresAt", to_rfc3339(statement.expires_at));
    json.member("entries", std::int64_t(verified->entries));
    json.member("symbolicLinks", std::int64_t(verified->symbolic_links));
    json.name("chain").begin_array();
    for (const crypto::Certificate& certificate : verified->chain) json.text(certificate.subject);
    json.end_array().member("revocationChecked", false);
  }
  json.end_object();
  fmt::print("{}\n", json.take());
}

Result<void> run(const Arguments& arguments) {
  TRY(auto roots, read_roots(arguments));
  auto file = File::open(arguments.get("FILE"));
  if (!file) return invalid(fmt::format("{} cannot be read.", arguments.get("FILE")));
  auto verified = verify(**file, roots);
  if (arguments.has("--json")) print_json(verified);
  if (!verified) {
    return invalid(
        fmt::format("{} is not valid: {}", arguments.get("FILE"), verified.error().message));
  }
  if (!arguments.has("--json")) print_text(*verified);
  return {};
}

}  // namespace

constinit const Command verify_command = {"verify", "check a signed file, offline", options, run};

}  // namespace hallmark::cli
