// Where the commands that are clients of the API find the server and the caller's credentials: as
// the AWS command line finds them, and beside a data directory without being told.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "base/result.h"
#include "base/secret.h"
#include "server/data_directory.h"

namespace hallmark::cli {

struct ClientSettings {
  std::string endpoint;  // "http://127.0.0.1:9400", without a slash at its end
  std::string region;
  std::string access_key_id;
  Secret secret_access_key;
  std::string session_token;          // empty: long-term credentials
  std::string ca_file;                // PEM; empty: the machine's authorities
  std::string certificate_file = {};  // PEM, shown to servers that ask; empty: none
  std::string key_file = {};          // PEM; empty: in the same file
};

// A variable of the environment; empty when it is not set.
using Environment = std::function<std::string(const char* name)>;
std::string variable_of_process(const char* name);

struct ClientPlaces {
  std::string endpoint = {};  // empty: not named on the command line
  std::string ca_file = {};   // the same; then AWS_CA_BUNDLE
  std::optional<server::DataDirectory> directory = {};
  Environment environment = variable_of_process;
};

// endpoint: as named; that of the directory's running server; AWS_ENDPOINT_URL_SIGNER,
// AWS_ENDPOINT_URL. region: AWS_REGION, AWS_DEFAULT_REGION; the credentials file's; the
// directory's. credentials: AWS_ACCESS_KEY_ID and its like; else the profile AWS_PROFILE or
// `default` of the file that AWS_SHARED_CREDENTIALS_FILE names, or of the one that `dev` keeps in
// the directory, or of
// ~/.aws/credentials. Invalid, saying what is missing and how to give it.
Result<ClientSettings> read_client_settings(const ClientPlaces& places);

}  // namespace hallmark::cli
