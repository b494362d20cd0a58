// The settings of the configuration file, one row each. Private to configuration*.cc.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "audit/syslog_address.h"
#include "base/address.h"
#include "base/printable.h"
#include "keys/pkcs11_uri.h"
#include "model/names.h"
#include "objects/s3_endpoint.h"
#include "policy/principal.h"
#include "server/configuration.h"
#include "store/store.h"

namespace hallmark::server {

inline constexpr std::size_t request_rate_max = 1'000'000;  // far beyond what a machine serves
inline constexpr std::size_t burst_seconds_max = 3'600;
inline constexpr std::size_t audiences_max = 64;
inline constexpr std::size_t lease_seconds_max = 3'600;
inline constexpr std::size_t host_names_max = 32;
inline constexpr std::size_t trusted_proxies_max = 256;
inline constexpr std::size_t connections_per_address_most = 1'000'000;  // beyond what there can be
inline constexpr std::size_t verified_one_in_max = 1'000'000;
inline constexpr std::size_t setting_text_bytes_max = 2'048;  // of a URL, a path, an audience

// What a value must be: in words, and as a test of text or the bounds of a number.
struct Rule {
  std::string_view what;
  bool (*holds)(std::string_view text) = [](std::string_view) { return true; };
  std::size_t least = 0, most = 0;
  std::string_view each = "a string, not empty";  // of an array's elements, for which `holds` asks
};

// Where a setting's value lies, which also says its type.
template <class Owner>
using Field =
    std::variant<std::optional<ListenAddress> Owner::*, std::string Owner::*,
                 std::filesystem::path Owner::*, std::size_t Owner::*, bool Owner::*,
                 std::vector<std::string> Owner::*,
                 std::map<std::string, std::size_t, std::less<>> Owner::*,
                 std::map<std::string, std::string, std::less<>> Owner::*, Throttle Owner::*,
                 TlsSettings Owner::*, AuditSettings Owner::*, S3Settings Owner::*,
                 EventSettings Owner::*, std::vector<WebIdentityIssuer> Owner::*>;

template <class Owner>
struct Setting {
  std::string_view name;
  Field<Owner> field;
  Rule rule;
  std::string_view help;     // one line
  std::string_view example;  // in TOML; of a setting that may be left without a value
};

inline bool is_setting_text(std::string_view text) {
  return !text.empty() && text.size() <= setting_text_bytes_max && is_printable(text);
}

inline bool is_https_issuer(std::string_view text) {
  constexpr std::string_view scheme = "https://";
  return is_setting_text(text) && text.starts_with(scheme) &&
         policy::is_issuer(text.substr(scheme.size()));
}

// Over https from any host, over http from this machine.
inline bool is_key_set_url(std::string_view text) {
  constexpr std::string_view https = "https://";
  constexpr std::string_view http = "http://";
  if (!is_setting_text(text) || text.find_first_of(" #") != text.npos) return false;
  const bool is_secure = text.starts_with(https);
  if (!is_secure && !text.starts_with(http)) return false;
  text.remove_prefix(is_secure ? https.size() : http.size());
  const std::string_view authority = text.substr(0, text.find_first_of("/?"));
  if (is_secure) return policy::is_issuer(authority);
  auto address = ListenAddress::parse(authority);
  if (!address) address = ListenAddress::parse(std::string(authority) + ":80");
  return address && address->is_loopback();
}

inline bool is_object_store(std::string_view text) {
  return text == "file:" || objects::S3Endpoint::parse(text);
}

inline bool is_database(std::string_view text) {
  return is_setting_text(text) && store::check_postgresql_url(std::string(text));
}

inline bool is_key_back_end(std::string_view text) {
  return text == "file:" || keys::Pkcs11Uri::parse(text);
}

inline bool is_master_key_place(std::string_view text) {
  return is_setting_text(text) && (text.starts_with('/') || text.starts_with("file:/") ||
                                   text.starts_with("credential:") || keys::Pkcs11Uri::parse(text));
}

inline bool is_host_name(std::string_view text) {
  constexpr std::size_t bytes_max = 253;  // of a DNS name (RFC 1035 §2.3.4)
  constexpr std::string_view characters =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._";
  if (parse_address(text)) return true;
  return !text.empty() && text.size() <= bytes_max && !text.starts_with('.') &&
         !text.ends_with('.') && text.find_first_not_of(characters) == text.npos;
}

inline bool is_address_block(std::string_view text) {
  return parse_address_block(text).has_value();
}

inline bool is_account(std::string_view text) { return model::AccountId::parse(text).has_value(); }

inline bool is_syslog_address(std::string_view text) {
  return is_setting_text(text) && audit::SyslogAddress::parse(text);
}

// Without a path: that of a server of STS is "/".
inline bool is_sts_url(std::string_view text) {
  const auto endpoint = objects::S3Endpoint::parse("s3:" + std::string(text));
  return endpoint && endpoint->scheme + "://" + endpoint->authority == text;
}

// Empty, or "/Prod": no slash at its end.
inline bool is_base_path(std::string_view text) {
  constexpr std::string_view characters =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_/";
  if (text.empty()) return true;
  return is_setting_text(text) && text.starts_with('/') && !text.ends_with('/') &&
         text.find("//") == text.npos && text.find_first_not_of(characters) == text.npos;
}

// The words of the rules below name these numbers.
static_assert(request_rate_max == 1'000'000 && burst_seconds_max == 3'600 && audiences_max == 64 &&
              limits::web_identity_issuers_max == 32 && host_names_max == 32 &&
              trusted_proxies_max == 256 && connections_per_address_most == 1'000'000);

inline constexpr Rule address_rule = {"a string ADDRESS:PORT with a numeric address, or localhost"};
inline constexpr Rule rate_rule = {
    .what = "a whole number from 0 to 1000000", .least = 0, .most = request_rate_max};
inline constexpr Rule file_rule = {"a string, the path of a file", is_setting_text};
inline constexpr Rule table_rule = {"a table"};

inline constexpr std::array<Setting<WebIdentityIssuer>, 5> web_identity_settings = {{
    {"issuer",
     &WebIdentityIssuer::issuer,
     {"a string https://HOST[:PORT][/PATH]", is_https_issuer},
     "the iss claim of its tokens",
     R"("https://token.actions.githubusercontent.com")"},
    {"key_set_file", &WebIdentityIssuer::key_set_file, file_rule,
     "its public keys, a JWKS document", R"("github-keys.json")"},
    {"key_set_url",
     &WebIdentityIssuer::key_set_url,
     {"a string, an https URL, or an http URL of this machine", is_key_set_url},
     "where to fetch its public keys, instead of key_set_file",
     R"("https://token.actions.githubusercontent.com/.well-known/jwks")"},
    {"key_set_ca_file", &WebIdentityIssuer::key_set_ca_file, file_rule,
     "PEM certificates to trust for key_set_url instead of the system's", R"("ca.pem")"},
    {"audiences",
     &WebIdentityIssuer::audiences,
     {"an array of 1 to 64 strings", is_setting_text, 1, audiences_max},
     "the aud claims that are accepted",
     R"(["sts.amazonaws.com"])"},
}};

inline constexpr std::array<Setting<Throttle>, 4> throttle_settings = {{
    {"requests_per_second",
     &Throttle::requests_per_second,
     rate_rule,
     "of each account and operation; 0 sets no limit",
     {}},
    {"burst_seconds",
     &Throttle::burst_seconds,
     {.what = "a whole number from 1 to 3600", .least = 1, .most = burst_seconds_max},
     "how many seconds' requests may come at once",
     {}},
    {"sign_payload_throttling_exception",
     &Throttle::sign_payload_throttling_exception,
     {"true or false"},
     "refuse SignPayload with ThrottlingException, not TooManyRequestsException",
     {}},
    {"operations", &Throttle::operations, rate_rule, "requests per second of single operations",
     "StartSigningJob = 100"},
}};

inline constexpr std::array<Setting<S3Settings>, 10> s3_settings = {{
    {"virtual_host_style",
     &S3Settings::virtual_host_style,
     {"true or false"},
     "ask https://BUCKET.HOST/KEY, not https://HOST/BUCKET/KEY",
     {}},
    {"expected_bucket_owner",
     &S3Settings::expected_bucket_owner,
     {"true or false"},
     "tell the server whose the bucket must be; false where it has other accounts than this "
     "service",
     {}},
    {"ca_file", &S3Settings::ca_file, file_rule,
     "PEM certificates to trust for the object store and STS instead of the system's",
     R"("ca.pem")"},
    {"access_key_id",
     &S3Settings::access_key_id,
     {"a string, not empty", is_setting_text},
     "the access key; without one, those of the environment (AWS_ACCESS_KEY_ID and so on)",
     R"("AKIDEXAMPLE")"},
    {"secret_access_key_file", &S3Settings::secret_access_key_file, file_rule,
     "its secret, in a file that only the server's user reads", R"("s3-secret")"},
    {"role_arn",
     &S3Settings::role_arn,
     {"a string, not empty", is_setting_text},
     "a role to assume with that access key, or with the token of web_identity_token_file",
     R"("arn:aws:iam::111122223333:role/hallmark")"},
    {"external_id",
     &S3Settings::external_id,
     {"a string, not empty", is_setting_text},
     "what the role's trust policy asks for",
     R"("an-id")"},
    {"web_identity_token_file", &S3Settings::web_identity_token_file, file_rule,
     "a token to assume the role with; read again for each renewal", R"("/var/run/secrets/token")"},
    {"sts_url",
     &S3Settings::sts_url,
     {"a string https://HOST[:PORT], or http on this machine", is_sts_url},
     "where roles are assumed; without it, AWS's own in the region of the object store",
     R"("https://sts.example.com")"},
    {"buckets",
     &S3Settings::buckets,
     {"an account of 12 digits", is_account},
     "the buckets that are used, and the account that each belongs to",
     R"(release-inbox = "111122223333")"},
}};

inline constexpr std::array<Setting<AuditSettings>, 4> audit_settings = {{
    {"reads", &AuditSettings::reads, {"true or false"}, "record requests that only look, too", {}},
    {"file", &AuditSettings::file, file_rule, "a copy of the audit log, one line a record",
     R"("/var/log/hallmark/audit.log")"},
    {"syslog",
     &AuditSettings::syslog,
     {"a string unix:/PATH, udp:HOST:PORT or tcp:HOST:PORT", is_syslog_address},
     "a copy of the audit log in syslog",
     R"("tcp:log.example.com:601")"},
    {"required",
     &AuditSettings::required,
     {"true or false"},
     "sign, revoke and grant nothing while one of these copies cannot be written",
     {}},
}};

inline constexpr std::array<Setting<TlsSettings>, 3> tls_settings = {{
    {"certificate_file", &TlsSettings::certificate_file, file_rule,
     "PEM: the certificate for all of host_names and their data- and verification. forms, and its "
     "chain",
     R"("tls.pem")"},
    {"key_file", &TlsSettings::key_file, file_rule,
     "PEM: its private key, without a passphrase, in a file that only the server's user reads",
     R"("tls.key")"},
    {"client_ca_file", &TlsSettings::client_ca_file, file_rule,
     "PEM: authorities; clients of the API must then show a certificate of theirs",
     R"("client-ca.pem")"},
}};

inline constexpr std::array<Setting<EventSettings>, 4> event_settings = {{
    {"webhook_url",
     &EventSettings::webhook_url,
     {"a string, an https URL, or an http URL of this machine", is_key_set_url},
     "where to POST each event",
     R"("https://hooks.example.com/hallmark")"},
    {"webhook_secret_file", &EventSettings::webhook_secret_file, file_rule,
     "the secret that events are signed with, whsec_…, in a file that only the server's user reads",
     R"("webhook-secret")"},
    {"webhook_ca_file", &EventSettings::webhook_ca_file, file_rule,
     "PEM certificates to trust for the webhook instead of the system's", R"("ca.pem")"},
    {"stdout",
     &EventSettings::standard_output,
     {"true or false"},
     "write each event as a line of JSON to standard output",
     {}},
}};

// The tables last: in TOML, what follows a table's header belongs to it.
inline constexpr std::array<Setting<Configuration>, 22> configuration_settings = {{
    // length: a row for each setting
    {"listen", &Configuration::listen, address_rule,
     "ADDRESS:PORT of the API; port 0 picks a free one; other than loopback with TLS only",
     R"("127.0.0.1:9400")"},
    {"ops_listen", &Configuration::ops_listen, address_rule,
     "ADDRESS:PORT of /livez, /readyz and /metrics; plain HTTP on loopback", R"("127.0.0.1:9401")"},
    {"host_names",
     &Configuration::host_names,
     {"an array of at most 32 host names", is_host_name, 0, host_names_max,
      "a host name or an address"},
     "the service's names, the one to show first; the only ones that a listener other than "
     "loopback "
     "answers to",
     R"(["signer.example.com"])"},
    {"insecure_plain_http_on_network",
     &Configuration::insecure_plain_http_on_network,
     {"true or false"},
     "listen without TLS on addresses that others reach: everything can be read and changed on its "
     "way",
     {}},
    {"trusted_proxies",
     &Configuration::trusted_proxies,
     {"an array of at most 256 addresses and blocks of them", is_address_block, 0,
      trusted_proxies_max, "an address, or a block like 10.0.0.0/28"},
     "proxies whose X-Forwarded-For and X-Forwarded-Proto count; nobody else's do",
     R"(["10.0.0.7"])"},
    {"proxy_protocol",
     &Configuration::proxy_protocol,
     {"true or false"},
     "the trusted proxies speak the PROXY protocol instead, version 1 or 2, on every connection",
     {}},
    {"connections_per_address_max",
     &Configuration::connections_per_address_max,
     {.what = "a whole number from 0 to 1000000", .least = 0, .most = connections_per_address_most},
     "connections that one address may have, proxies and this machine apart; 0: a quarter of all",
     {}},
    {"base_path",
     &Configuration::base_path,
     {"a string, empty or a path like /Prod", is_base_path},
     "a prefix that every path of the API may have",
     {}},
    {"objects",
     &Configuration::objects,
     {"file: or a URL s3:https://HOST[:PORT]?region=REGION; http on this machine only",
      is_object_store},
     "where sources are read and signed objects are written: the data directory, or S3",
     R"("s3:https://s3.example.com?region=us-east-1")"},
    {"store",
     &Configuration::store,
     {"a URL postgresql://HOST/DATABASE without a password", is_database},
     "the database, when it has moved since `init`; its password is in a passfile (PGPASSFILE)",
     R"("postgresql://hallmark@db.example.com/hallmark")"},
    {"head_file", &Configuration::head_file, file_rule,
     "where to keep, outside the data directory, how far the store has come, so that an older one "
     "is noticed",
     R"("/var/lib/hallmark-head/head")"},
    {"job_lease_seconds",
     &Configuration::job_lease_seconds,
     {.what = "a whole number from 1 to 3600", .least = 1, .most = lease_seconds_max},
     "after so long without a sign of it, the jobs of a lost node are taken up by another",
     {}},
    {"sign_payload_verified_one_in",
     &Configuration::sign_payload_verified_one_in,
     {.what = "a whole number from 1 to 1000000", .least = 1, .most = verified_one_in_max},
     "verify the first signature of SignPayload by each key, and then one in so many, before it is "
     "answered; 1 verifies all",
     {}},
    {"keys",
     &Configuration::keys,
     {"file: or a URI pkcs11:token=NAME?module-path=PATH&pin-source=file:PATH", is_key_back_end},
     "where private keys are: sealed in the store, or in a token; without it, as `init` was told",
     R"("pkcs11:token=NAME?module-path=/usr/lib/p11.so&pin-source=file:/etc/hallmark/pin")"},
    {"master_key",
     &Configuration::master_key,
     {"an absolute path, credential:NAME or a pkcs11: URI", is_master_key_place},
     "the master key: its file, a credential of systemd's, or a key in a token; without it, as "
     "`init` was told",
     R"("credential:hallmark-master-key")"},
    {"log_requests",
     &Configuration::log_requests,
     {"true or false"},
     "write a line into the log for each request",
     {}},
    {"tls", &Configuration::tls, table_rule, "TLS", {}},
    {"audit", &Configuration::audit, table_rule, "the audit log", {}},
    {"throttle", &Configuration::throttle, table_rule, "limits of the rate of requests", {}},
    {"s3", &Configuration::s3, table_rule, "the object store s3:", {}},
    {"events", &Configuration::events, table_rule, "whom to tell when a signing job ends", {}},
    {"web_identity",
     &Configuration::web_identity,
     {.what = "an array of at most 32 tables",
      .least = 0,
      .most = limits::web_identity_issuers_max},
     "an OpenID Connect issuer whose tokens AssumeRoleWithWebIdentity takes",
     {}},
}};

constexpr const auto& settings_of(const Configuration&) { return configuration_settings; }
constexpr const auto& settings_of(const AuditSettings&) { return audit_settings; }
constexpr const auto& settings_of(const Throttle&) { return throttle_settings; }
constexpr const auto& settings_of(const TlsSettings&) { return tls_settings; }
constexpr const auto& settings_of(const S3Settings&) { return s3_settings; }
constexpr const auto& settings_of(const EventSettings&) { return event_settings; }
constexpr const auto& settings_of(const WebIdentityIssuer&) { return web_identity_settings; }

}  // namespace hallmark::server
