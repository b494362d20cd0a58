#include <algorithm>
#include <cstdio>

#include <fmt/format.h>

#include "base/ascii.h"
#include "base/json.h"
#include "base/operator_words.h"
#include "base/printable.h"
#include "cli/api_client.h"
#include "cli/commands.h"
#include "cli/named_file.h"
#include "cli/revocation_query.h"
#include "cli/verified_file.h"
#include "model/arn.h"

namespace hallmark::cli {
namespace {

constexpr Option options[] = {
    {OptionKind::positional, "FILE", "the signed file; its format is seen from its content"},
    {OptionKind::optional, "--trust-root", "PEM file with the trusted root certificates"},
    {OptionKind::optional, "--data-dir", "trust the root of this installation instead"},
    {OptionKind::optional, "--certificate",
     "PEM file with the signer's certificate, for files that do not carry it (JSON)"},
    {OptionKind::optional, "--payload",
     "what was signed, for files beside it (JSONDetached); for a Notation envelope, that it signs "
     "this"},
    {OptionKind::optional, "--expected-digest",
     "sha256:…, that a Notation envelope is the signature of this artifact"},
    {OptionKind::repeated, "--profile",
     "accept only what this profile signed: its ARN, or that of one of its versions; may be given "
     "more than once"},
    {OptionKind::optional, "--platform", "accept only signatures as this platform makes them"},
    {OptionKind::optional, "--endpoint",
     "the URL of the server to ask for revocations, with the credentials of the environment "
     "(default: offline)"},
    ca_file_option,
    client_certificate_option,
    client_key_option,
    {OptionKind::flag, "--json", "print the result as JSON"},
};

// What is known of a file at the end.
struct Judged {
  VerifiedFile file;
  bool revocation_checked = false;
  std::vector<std::string> revoked = {};  // entities
  std::string why_not = {};               // empty: it is valid
};

Result<void> check_profile_arns(const Arguments& arguments) {
  for (const std::string& text : arguments.all("--profile")) {
    const auto arn = model::Arn::parse(text);
    if (!arn || !model::find_profile_reference({arn->partition, arn->region}, text)) {
      return wrong_usage(fmt::format(
          "--profile: {} is neither the ARN of a signing profile nor of a version of one.", text));
    }
  }
  return {};
}

bool names_profile(std::string_view accepted, std::string_view version_arn) {
  return accepted == version_arn || accepted == version_arn.substr(0, version_arn.rfind('/'));
}

// A trusted root says that the installation signed, not who had it sign.
Result<void> check_profile(Judged& judged, const Arguments& arguments) {
  const auto& statement = judged.file.verification.statement;
  if (!statement) {
    return wrong_usage("A signature of this format names no profile: leave --profile out.");
  }
  const std::string& found = statement->profile_version_arn;
  const auto accepted = arguments.all("--profile");
  if (std::ranges::none_of(accepted, [&](auto& arn) { return names_profile(arn, found); })) {
    judged.why_not = fmt::format("It is signed by the profile {}.", found);
  }
  return {};
}

// Whoever cannot ask does not know, and does not say that it is valid.
Result<void> check_revocation(Judged& judged, const Arguments& arguments) {
  if (judged.file.platform_id.empty()) {
    return wrong_usage("A signature of this format cannot be revoked: leave --endpoint out.");
  }
  const SystemClock clock;
  TRY(const auto client, make_api_client(arguments, clock));
  auto revoked = find_revoked_entities(client, judged.file);
  if (!revoked) {
    judged.why_not =
        fmt::format("Revocations could not be asked for: {}", words_of(revoked.error()));
    return {};
  }
  judged.revocation_checked = true;
  judged.revoked = *std::move(revoked);
  if (!judged.revoked.empty()) {
    judged.why_not =
        fmt::format("{} is revoked.", describe_entity(judged.file, judged.revoked.front()));
  }
  return {};
}

// "symbolicLinks" as "symbolic links".
std::string spaced(std::string_view name) {
  std::string words;
  for (const char c : name) {
    if (c != lower(c)) words += ' ';
    words += lower(c);
  }
  return words;
}

std::string text_of_fact(const formats::Fact& fact) {
  if (const auto* number = std::get_if<std::uint64_t>(&fact.value))
    return fmt::format("{}", *number);
  const std::string& text = std::get<std::string>(fact.value);
  return is_printable(text) ? text : "(not printable)";
}

void print_text(const Judged& judged) {
  constexpr const char* line = "  {:<20} {}\n";
  const formats::Verification& verified = judged.file.verification;
  fmt::print("valid\n");
  if (const auto& statement = verified.statement) {
    fmt::print(fmt::runtime(line), "job", statement->job_arn);
    fmt::print(fmt::runtime(line), "profile version", statement->profile_version_arn);
    fmt::print(fmt::runtime(line), "signed at", to_rfc3339(statement->signing_time));
    fmt::print(fmt::runtime(line), "expires at", to_rfc3339(statement->expires_at));
  }
  for (const formats::Fact& fact : verified.facts) {
    fmt::print(fmt::runtime(line), spaced(fact.name), text_of_fact(fact));
  }
  fmt::print("  chain\n");
  for (const crypto::Certificate& certificate : verified.chain) {
    fmt::print("    {} (until {})\n", certificate.subject, to_rfc3339(certificate.not_after));
  }
  fmt::print(fmt::runtime(line), "revocation",
             judged.revocation_checked ? "nothing is revoked" : "not checked (offline)");
}

void write_fact(JsonWriter& json, const formats::Fact& fact) {
  if (const auto* number = std::get_if<std::uint64_t>(&fact.value)) {
    json.member(fact.name, std::int64_t(*number));
  } else {
    json.member(fact.name, std::get<std::string>(fact.value));
  }
}

void write_verification(JsonWriter& json, const Judged& judged) {
  const formats::Verification& verified = judged.file.verification;
  if (const auto& statement = verified.statement) {
    json.member("jobArn", statement->job_arn);
    json.member("profileVersionArn", statement->profile_version_arn);
    json.member("signedAt", to_rfc3339(statement->signing_time));
    json.member("expiresAt", to_rfc3339(statement->expires_at));
  }
  for (const formats::Fact& fact : verified.facts) write_fact(json, fact);
  json.name("chain").begin_array();
  for (const crypto::Certificate& certificate : verified.chain) json.text(certificate.subject);
  json.end_array().member("revocationChecked", judged.revocation_checked);
  if (judged.revoked.empty()) return;
  json.name("revokedEntities").begin_array();
  for (const std::string& entity : judged.revoked) json.text(entity);
  json.end_array();
}

void print_json(const Result<Judged>& judged) {
  const std::string why_not = judged ? judged->why_not : judged.error().message;
  JsonWriter json;
  json.begin_object().member("valid", why_not.empty());
  if (!why_not.empty()) json.member("reason", why_not);
  if (judged) write_verification(json, *judged);
  json.end_object();
  fmt::print("{}\n", json.take());
}

// The outer error is that nothing could be judged; the inner one that the file is not valid.
Result<Result<Judged>> judge(const Arguments& arguments) {
  TRY(check_profile_arns(arguments));
  TRY(const auto file, open_file({arguments.get("FILE")}));
  TRY(auto verified, verify_file(*file, arguments));
  if (!verified) return Result<Judged>(std::move(verified.error()));
  Judged judged{.file = *std::move(verified)};
  if (arguments.has("--profile")) TRY(check_profile(judged, arguments));
  if (judged.why_not.empty() && arguments.has("--endpoint")) {
    TRY(check_revocation(judged, arguments));
  }
  return Result<Judged>(std::move(judged));
}

Result<void> run(const Arguments& arguments) {
  TRY(const auto judged, judge(arguments));
  if (arguments.has("--json")) print_json(judged);
  const std::string why_not = judged ? judged->why_not : judged.error().message;
  if (!why_not.empty()) {
    return invalid(fmt::format("{} is not valid: {}", arguments.get("FILE"), why_not));
  }
  if (!arguments.has("--json")) print_text(*judged);
  return {};
}

}  // namespace

constinit const Command verify_command = {
    "verify", "check a signed file: offline, or asking a server for revocations", options, run};

}  // namespace hallmark::cli
