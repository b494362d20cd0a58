// A client of the API, for the commands that sign and that ask for revocations.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/json.h"
#include "base/result.h"
#include "cli/client_settings.h"
#include "cli/command.h"
#include "http/client.h"

namespace hallmark::cli {

// How each command that is a client reaches a server with TLS.
inline constexpr Option ca_file_option = {
    OptionKind::optional, "--ca-file",
    "PEM file with the authority of the server's certificate (default: AWS_CA_BUNDLE, or the "
    "machine's)"};
inline constexpr Option client_certificate_option = {
    OptionKind::optional, "--client-certificate",
    "PEM file with the certificate to show to a server that asks for one, and its chain"};
inline constexpr Option client_key_option = {
    OptionKind::optional, "--client-key",
    "PEM file with its private key (default: in the same file)"};

struct ApiRequest {
  http::Method method = http::Method::get;
  std::string path;                                             // percent-encoded
  std::vector<std::pair<std::string, std::string>> query = {};  // names and values as they are
  std::string body = {};                                        // JSON
};

class ApiClient {
 public:
  // The clock outlives the client.
  ApiClient(ClientSettings settings, const Clock& clock)
      : settings_(std::move(settings)), clock_(clock) {}

  // What the server answers to the request, signed with the settings' credentials. Of an error: its
  // name, and its words. Unavailable, too_slow: see http::fetch.
  Result<JsonDocument> call(const ApiRequest& request) const;

 private:
  ClientSettings settings_;
  const Clock& clock_;
};

// By the options --endpoint, --data-dir and those above, and the environment; errors of
// read_client_settings, and Invalid: a file of theirs cannot be opened. The clock outlives the
// client.
Result<ApiClient> make_api_client(const Arguments& arguments, const Clock& clock);

}  // namespace hallmark::cli
