#include <cstdio>

#include <fmt/format.h>

#include "base/file.h"
#include "base/json.h"
#include "base/printable.h"
#include "cli/commands.h"
#include "formats/format.h"
#include "formats/platform_algorithm.h"
#include "server/data_directory.h"

namespace hallmark::cli {
namespace {

constexpr std::size_t certificates_bytes_max = 1024 * 1024;

constexpr Option options[] = {
    {OptionKind::positional, "FILE", "the signed file"},
    {OptionKind::optional, "--trust-root", "PEM file with the trusted root certificates"},
    {OptionKind::optional, "--data-dir", "trust the root of this installation instead"},
    {OptionKind::optional, "--certificate",
     "PEM file with the signer's certificate, for files that do not carry it (JSON)"},
    {OptionKind::optional, "--payload", "what was signed, for files beside it (JSONDetached)"},
    {OptionKind::optional, "--platform", "accept only signatures as this platform makes them"},
    {OptionKind::flag, "--json", "print the result as JSON"},
};

Result<std::vector<crypto::Certificate>> read_certificates(const std::filesystem::path& path) {
  auto pem = read_file(path, certificates_bytes_max);
  if (!pem) return invalid(fmt::format("{} cannot be read.", path.string()));
  return crypto::certificates_from_pem(*pem);
}

Result<std::vector<crypto::Certificate>> read_roots(const Arguments& arguments) {
  if (arguments.has("--certificate")) {
    return wrong_usage("This file carries its certificates: --certificate is for others.");
  }
  if (arguments.has("--trust-root") == arguments.has("--data-dir")) {
    return wrong_usage("Name the trusted root with either --trust-root or --data-dir.");
  }
  if (arguments.has("--trust-root")) return read_certificates(arguments.get("--trust-root"));
  return read_certificates(server::DataDirectory{arguments.get("--data-dir")}.root_certificates());
}

Result<std::vector<crypto::Certificate>> read_trusted(const formats::Format& format,
                                                      const Arguments& arguments) {
  if (format.trusts == formats::Trusts::roots) return read_roots(arguments);
  if (!arguments.has("--certificate")) {
    return wrong_usage("This file does not carry its certificate: name it with --certificate.");
  }
  return read_certificates(arguments.get("--certificate"));
}

Result<std::unique_ptr<File>> open_file(const std::string& path) {
  auto file = File::open(path);
  if (!file) return invalid(fmt::format("{} cannot be read.", path));
  return file;
}

// Nothing where the format has the payload within.
Result<std::unique_ptr<File>> open_payload(const formats::Format& format,
                                           const Arguments& arguments) {
  const bool is_beside = format.payload == formats::Payload::beside;
  if (is_beside && arguments.has("--payload")) return open_file(arguments.get("--payload"));
  if (is_beside)
    return wrong_usage("This file holds only a signature: name the payload with --payload.");
  if (!arguments.has("--payload")) return std::unique_ptr<File>();
  return wrong_usage("This file holds what was signed: --payload is for others.");
}

Result<std::vector<crypto::SignatureAlgorithm>> read_algorithms(const Arguments& arguments) {
  if (!arguments.has("--platform")) return std::vector<crypto::SignatureAlgorithm>();
  const model::Platform* platform = model::find_platform(arguments.get("--platform"));
  if (platform == nullptr) return wrong_usage("There is no such platform.");
  return formats::signature_algorithms_of(*platform);
}

const formats::Format* find_format_of(const ReadAt& file) {
  for (const formats::Format* format : formats::all_formats()) {
    if (format->recognizes(file)) return format;
  }
  return nullptr;
}

// The outer error is that nothing could be judged; the inner one that the file is not valid.
Result<Result<formats::Verification>> verify(const ReadAt& file, const Arguments& arguments) {
  using Judgement = Result<formats::Verification>;
  const formats::Format* format = find_format_of(file);
  if (format == nullptr) return Judgement(corrupt("It has none of the known signed formats."));
  TRY(const auto trusted, read_trusted(*format, arguments));
  TRY(const auto payload, open_payload(*format, arguments));
  TRY(const auto algorithms, read_algorithms(arguments));
  return format->verify({.object = file,
                         .trusted = trusted,
                         .now = SystemClock().now(),
                         .payload = payload.get(),
                         .algorithms = algorithms});
}

// "symbolicLinks" as "symbolic links".
std::string words_of(std::string_view name) {
  std::string words;
  for (const char c : name) {
    const bool is_capital = c >= 'A' && c <= 'Z';
    if (is_capital) words += ' ';
    words += is_capital ? char(c - 'A' + 'a') : c;
  }
  return words;
}

std::string text_of_fact(const formats::Fact& fact) {
  if (const auto* number = std::get_if<std::uint64_t>(&fact.value))
    return fmt::format("{}", *number);
  const std::string& text = std::get<std::string>(fact.value);
  return is_printable(text) ? text : "(not printable)";
}

void print_text(const formats::Verification& verified) {
  constexpr const char* line = "  {:<20} {}\n";
  fmt::print("valid\n");
  if (const auto& statement = verified.statement) {
    fmt::print(fmt::runtime(line), "job", statement->job_arn);
    fmt::print(fmt::runtime(line), "profile version", statement->profile_version_arn);
    fmt::print(fmt::runtime(line), "signed at", to_rfc3339(statement->signing_time));
    fmt::print(fmt::runtime(line), "expires at", to_rfc3339(statement->expires_at));
  }
  for (const formats::Fact& fact : verified.facts) {
    fmt::print(fmt::runtime(line), words_of(fact.name), text_of_fact(fact));
  }
  fmt::print("  chain\n");
  for (const crypto::Certificate& certificate : verified.chain) {
    fmt::print("    {} (until {})\n", certificate.subject, to_rfc3339(certificate.not_after));
  }
  fmt::print(fmt::runtime(line), "revocation", "not checked (offline)");
}

void write_fact(JsonWriter& json, const formats::Fact& fact) {
  if (const auto* number = std::get_if<std::uint64_t>(&fact.value)) {
    json.member(fact.name, std::int64_t(*number));
  } else {
    json.member(fact.name, std::get<std::string>(fact.value));
  }
}

void print_json(const Result<formats::Verification>& verified) {
  JsonWriter json;
  json.begin_object().member("valid", verified.has_value());
  if (!verified) {
    json.member("reason", verified.error().message);
  } else {
    if (const auto& statement = verified->statement) {
      json.member("jobArn", statement->job_arn);
      json.member("profileVersionArn", statement->profile_version_arn);
      json.member("signedAt", to_rfc3339(statement->signing_time));
      json.member("expiresAt", to_rfc3339(statement->expires_at));
    }
    for (const formats::Fact& fact : verified->facts) write_fact(json, fact);
    json.name("chain").begin_array();
    for (const crypto::Certificate& certificate : verified->chain) json.text(certificate.subject);
    json.end_array().member("revocationChecked", false);
  }
  json.end_object();
  fmt::print("{}\n", json.take());
}

Result<void> run(const Arguments& arguments) {
  TRY(const auto file, open_file(arguments.get("FILE")));
  TRY(const auto verified, verify(*file, arguments));
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
