// The configuration file of `hallmark server --config FILE`, in TOML:
//
//   listen = "127.0.0.1:9400"
//
//   [throttle]
//   requests_per_second = 500
//   [throttle.operations]
//   SignPayload = 2000
//
//   [[web_identity]]
//   issuer = "https://token.actions.githubusercontent.com"
//   key_set_url = "https://token.actions.githubusercontent.com/.well-known/jwks"
//   audiences = ["sts.amazonaws.com"]
//
// What is not in the file has its default; what is given on the command line wins over the file.
// All settings, with their defaults, are rows of server/configuration_settings.h.
#pragma once

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/limits.h"
#include "base/result.h"
#include "signing/notation_sealer.h"

namespace hallmark::server {

// Where to listen. What an address needs that others can reach is checked in server/listening.h.
struct ListenAddress {
  std::string address = "127.0.0.1";  // numeric
  unsigned short port = 0;            // 0 picks a free one

  // "127.0.0.1:9400", "localhost:9400", "0.0.0.0:9443" or "[::1]:9400". The error says what the
  // text must be, not where it stands.
  static Result<ListenAddress> parse(std::string_view text);
  bool is_loopback() const;
  std::string text() const;
  bool operator==(const ListenAddress&) const = default;
};

// Rates of requests, for each account and operation.
struct Throttle {
  std::size_t requests_per_second = limits::request_rate_default;  // 0: no limit
  std::size_t burst_seconds = 2;  // of saved-up requests that may come at once
  bool sign_payload_throttling_exception = false;
  std::map<std::string, std::size_t, std::less<>> operations = {};  // with a rate of their own

  // Of one operation; 0: no limit.
  std::size_t rate_of(std::string_view operation) const;
  bool operator==(const Throttle&) const = default;
};

// An OpenID Connect issuer whose tokens AssumeRoleWithWebIdentity takes. Its keys come from a file
// or from a URL, never from both.
struct WebIdentityIssuer {
  std::string issuer = {};                     // the `iss` claim: https://HOST[:PORT][/PATH]
  std::filesystem::path key_set_file = {};     // a JWKS document
  std::string key_set_url = {};                // https, or http on this machine
  std::filesystem::path key_set_ca_file = {};  // PEM; whom to trust for the URL
  std::vector<std::string> audiences = {};     // at least one: what the `aud` claim may be

  // As trust policies name it: the issuer without "https://".
  std::string_view federated_name() const;
  bool operator==(const WebIdentityIssuer&) const = default;
};

// The object store `s3:`. What the credentials are is said in objects/s3_credentials.h; the secret
// is in a file of its own, so that this one may be shown around.
struct S3Settings {
  std::map<std::string, std::string, std::less<>> buckets = {};  // the account that each belongs to
  bool virtual_host_style = false;
  bool expected_bucket_owner = true;
  std::filesystem::path ca_file = {};
  std::string access_key_id = {};
  std::filesystem::path secret_access_key_file = {};
  std::string role_arn = {};
  std::string external_id = {};
  std::filesystem::path web_identity_token_file = {};
  std::string sts_url = {};

  bool operator==(const S3Settings&) const = default;
};

// The certificate of the listeners. All are PEM files; they are read again when they change.
struct TlsSettings {
  std::filesystem::path certificate_file = {};  // with its chain; empty: no TLS
  std::filesystem::path key_file = {};          // for nobody else to read
  std::filesystem::path client_ca_file = {};    // not empty: clients of the API need a certificate

  bool operator==(const TlsSettings&) const = default;
};

// Whom to tell when a signing job ends.
struct EventSettings {
  std::string webhook_url = {};  // https, or http on this machine; empty: no webhook
  std::filesystem::path webhook_secret_file = {};
  std::filesystem::path webhook_ca_file = {};
  bool standard_output = false;
  bool operator==(const EventSettings&) const = default;
};

// Where the audit log goes beside the store (docs/operations.md).
struct AuditSettings {
  bool reads = true;                // whether requests that only look leave a record
  std::filesystem::path file = {};  // a copy in a file; empty: none
  std::string syslog = {};          // unix:PATH, udp:HOST:PORT or tcp:HOST:PORT; empty: none
  bool required = false;            // nothing is signed, revoked or granted while a copy fails

  bool operator==(const AuditSettings&) const = default;
};

struct ConfigurationSource {
  std::filesystem::path file;                    // for messages; relative paths start in its folder
  std::span<const std::string_view> operations;  // that may have a rate of their own
};

// A value; all of it has been checked.
struct Configuration {
  std::optional<ListenAddress> listen = {};      // nothing: not in the file
  std::optional<ListenAddress> ops_listen = {};  // the same
  std::vector<std::string> host_names = {};      // of the service, the one to show first
  bool insecure_plain_http_on_network = false;
  std::vector<std::string> trusted_proxies = {};  // addresses and blocks of them
  bool proxy_protocol = false;                    // they speak it, and set no fields
  std::size_t connections_per_address_max = 0;    // 0: a quarter of all
  std::string base_path = "/Prod";                // accepted before every path; may be empty
  std::string objects = {};  // the object store's URL; empty: the buckets of the data directory
  std::string store = {};    // the database's URL; empty: as `init` was told
  std::filesystem::path head_file = {};  // beside DIR/head; empty: none
  std::size_t job_lease_seconds = std::chrono::seconds(limits::job_lease).count();
  std::size_t sign_payload_verified_one_in = signing::envelopes_verified_one_in;
  std::string keys = {};  // where private keys are (keys/custody.h); empty: as `init` was told
  std::string master_key = {};  // where the master key is; the same
  bool log_requests = false;    // a line in the log for each request
  AuditSettings audit = {};
  Throttle throttle = {};
  TlsSettings tls = {};
  S3Settings s3 = {};
  EventSettings events = {};
  std::vector<WebIdentityIssuer> web_identity = {};

  // Invalid, with file, line and name: not TOML, a name that is no setting, a wrong type, a value
  // out of its range. Also when the file cannot be read, or is larger than
  // limits::configuration_bytes_max.
  static Result<Configuration> read(const ConfigurationSource& source);
  static Result<Configuration> parse(std::string_view toml, const ConfigurationSource& source);

  // All settings with their help and the values here, as a configuration file that reads back as
  // this; settings without a value are commented out.
  std::string settings() const;
  bool operator==(const Configuration&) const = default;
};

}  // namespace hallmark::server
