#include <fmt/format.h>

#include "base/file.h"
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

// Those of another installation are nothing here; a file of the caller's own stays in force.
bool names_credentials_of_dev(const std::string& file) {
  const server::DataDirectory other{std::filesystem::path(file).parent_path()};
  return other.credentials() == file && other.initialised();
}

Result<void> run(const Arguments& arguments) {
  const server::DataDirectory directory{
      std::filesystem::absolute(arguments.get("--data-dir")).lexically_normal()};
  TRY(const auto facts, server::read_facts(directory));
  auto endpoint = read_file(directory.endpoint(), 1024);
  if (!endpoint || !server::in_use(directory)) {  // a killed server leaves its endpoint behind
    return invalid(fmt::format("No server runs on {}.", directory.path.string()));
  }
  while (endpoint->ends_with('\n')) endpoint->pop_back();
  for (const std::string_view service : {"SIGNER", "SIGNER_DATA", "STS"}) {
    fmt::print("export AWS_ENDPOINT_URL_{}={}\n", service, shell_quoted(*endpoint));
  }
  if (arguments.has("--ca-file")) {
    const auto file = std::filesystem::absolute(arguments.get("--ca-file"));
    fmt::print("export AWS_CA_BUNDLE={}\n", shell_quoted(file.string()));
  }
  // Clients put `data-` before the host of GetRevocationStatus, and nobody resolves that name here.
  fmt::print("export AWS_DISABLE_HOST_PREFIX_INJECTION=true\n");
  if (std::filesystem::exists(directory.credentials())) {
    // The caller's own settings would win over the file.
    fmt::print("unset AWS_PROFILE AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN\n");
    fmt::print("export AWS_SHARED_CREDENTIALS_FILE={}\n",
               shell_quoted(directory.credentials().string()));
  } else if (names_credentials_of_dev(variable_of_process("AWS_SHARED_CREDENTIALS_FILE"))) {
    fmt::print("unset AWS_SHARED_CREDENTIALS_FILE\n");
  }
  const std::string region = shell_quoted(facts.home.region);
  fmt::print("export AWS_REGION={} AWS_DEFAULT_REGION={}\n", region, region);
  return {};
}

}  // namespace

constinit const Command env_command = {"env", "print shell exports that point AWS clients here",
                                       options, run};

}  // namespace hallmark::cli
