#include <fmt/format.h>

#include "base/file.h"
#include "cli/certificate_file.h"
#include "cli/client_settings.h"
#include "cli/commands.h"
#include "server/installation.h"

namespace hallmark::cli {
namespace {

constexpr Option options[] = {
    {OptionKind::required, "--data-dir", "the data directory of a running server"},
    {OptionKind::optional, "--ca-file",
     "PEM file with the authority of the server's certificate, for AWS_CA_BUNDLE"},
};

// For `sh`: inside single quotes nothing has a meaning but the quote itself.
std::string shell_quoted(const std::string& text) {
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + "'";
}

// A file of the caller's own stays in force; one that `dev` made, here or elsewhere, or that is
// gone, does not.
bool is_left_over(const std::filesystem::path& credentials_file) {
  if (credentials_file.empty()) return false;
  const server::DataDirectory other{credentials_file.parent_path()};
  std::error_code unreadable;  // is the caller's business
  if (!std::filesystem::exists(credentials_file, unreadable)) return !unreadable;
  return other.credentials() == credentials_file && other.initialised();
}

// A token belongs to the temporary key that it came with, and to no other.
bool has_token_of_another_key() {
  constexpr std::string_view temporary = "ASIA";
  return !variable_of_process("AWS_SESSION_TOKEN").empty() &&
         !variable_of_process("AWS_ACCESS_KEY_ID").starts_with(temporary);
}

// What would win over the file that `dev` made, or go along with it.
constexpr std::string_view credentials_of_caller =
    "AWS_PROFILE AWS_DEFAULT_PROFILE AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN "
    "AWS_ROLE_ARN AWS_WEB_IDENTITY_TOKEN_FILE";

void print_credentials(const server::DataDirectory& directory) {
  std::error_code unreadable;  // is not there for us
  if (std::filesystem::exists(directory.credentials(), unreadable)) {
    fmt::print("unset {}\n", credentials_of_caller);
    fmt::print("export AWS_SHARED_CREDENTIALS_FILE={}\n",
               shell_quoted(directory.credentials().string()));
    return;
  }
  if (is_left_over(variable_of_process("AWS_SHARED_CREDENTIALS_FILE"))) {
    fmt::print("unset AWS_SHARED_CREDENTIALS_FILE\n");
  }
  if (has_token_of_another_key()) fmt::print("unset AWS_SESSION_TOKEN\n");
}

// That it is there, and holds a certificate: a client would only say that it trusts nobody.
Result<std::string> read_ca_file(const Arguments& arguments) {
  const std::string file = whole_path(arguments.get("--ca-file")).string();
  const auto certificates = read_certificates({file});
  if (!certificates) return about_option("--ca-file", certificates.error());
  return file;
}

Result<void> run(const Arguments& arguments) {
  const server::DataDirectory directory{whole_path(arguments.get("--data-dir"))};
  TRY(const auto facts, server::read_facts(directory));
  std::string ca_file;
  if (arguments.has("--ca-file")) {
    TRY(ca_file, read_ca_file(arguments));
  }
  auto endpoint = hallmark::read_file(directory.endpoint(), 1024);
  if (!endpoint || !server::in_use(directory)) {  // a killed server leaves its endpoint behind
    return invalid(fmt::format("No server runs on {}.", directory.path.string()));
  }
  while (endpoint->ends_with('\n')) endpoint->pop_back();
  for (const std::string_view service : {"SIGNER", "SIGNER_DATA", "STS", "ACM"}) {
    fmt::print("export AWS_ENDPOINT_URL_{}={}\n", service, shell_quoted(*endpoint));
  }
  if (!ca_file.empty()) fmt::print("export AWS_CA_BUNDLE={}\n", shell_quoted(ca_file));
  // Clients put `data-` before the host of GetRevocationStatus, and nobody resolves that name here.
  fmt::print("export AWS_DISABLE_HOST_PREFIX_INJECTION=true\n");
  print_credentials(directory);
  const std::string region = shell_quoted(facts.home.region);
  fmt::print("export AWS_REGION={} AWS_DEFAULT_REGION={}\n", region, region);
  return {};
}

}  // namespace

constinit const Command env_command = {"env", "print shell exports that point AWS clients here",
                                       options, run};

}  // namespace hallmark::cli
