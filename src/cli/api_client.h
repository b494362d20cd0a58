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

// By the options --endpoint, --ca-file and --data-dir and the environment; errors of
// read_client_settings. The clock outlives the client.
Result<ApiClient> make_api_client(const Arguments& arguments, const Clock& clock);

}  // namespace hallmark::cli
