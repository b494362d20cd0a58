#include <algorithm>
#include <cstdio>
#include <filesystem>

#include <fmt/format.h>

#include "base/ascii.h"
#include "cli/administrator.h"
#include "cli/commands.h"
#include "cli/serial_number.h"
#include "pki/certificate_revocations.h"

namespace hallmark::cli {
namespace {

constexpr std::size_t pem_bytes_max = 256 * 1024;

constexpr Option import_options[] = {
    {OptionKind::required, "--certificate", "the certificate's PEM file"},
    {OptionKind::required, "--private-key",
     "the PEM file of its private key, not encrypted; - reads it from standard input"},
    {OptionKind::optional, "--chain",
     "the PEM file of its issuers, the nearest first (default: it is self-signed)"},
    {OptionKind::optional, "--certificate-arn",
     "replace the certificate of this ARN (default: a new one)"},
    json_option,
    account_option,
    data_dir_option,
    master_key_option,
};

// Prints the members of an answer that are texts, as they came.
void print_json(const JsonObject& object) {
  JsonWriter json;
  json.begin_object();
  write_texts(json, object);
  json.end_object();
  fmt::print("{}\n", json.take());
}

Result<void> import(const Arguments& arguments) {
  TRY(const auto certificate,
      read_input({arguments.get("--certificate"), "--certificate"}, pem_bytes_max));
  TRY(const auto key, read_input({arguments.get("--private-key"), "--private-key"}, pem_bytes_max));
  AdminBody body(arguments);
  body.member("Certificate", certificate).member("PrivateKey", key);
  if (arguments.has("--chain")) {
    TRY(const auto chain, read_input({arguments.get("--chain"), "--chain"}, pem_bytes_max));
    body.member("CertificateChain", chain);
  }
  if (arguments.has("--certificate-arn")) {
    body.member("CertificateArn", arguments.get("--certificate-arn"));
  }
  TRY(const auto administrator, Administrator::of(arguments));
  TRY(const auto answer, administrator->ask("ImportCertificate", body.take()));
  TRY(const auto object, answer.root().object());
  if (arguments.has("--json")) {
    print_json(object);
  } else {
    fmt::print("{}\n", text_of(object, "CertificateArn"));
  }
  return {};
}

constexpr Option list_options[] = {json_option, account_option, data_dir_option, master_key_option};

// "ISSUED until 2026-11-22T…", "REVOKED since …".
std::string state_of(const JsonObject& certificate) {
  const std::string status = text_of(certificate, "Status");
  if (status == "REVOKED") {
    return fmt::format("REVOKED since {} ({})", text_of(certificate, "RevokedAt"),
                       text_of(certificate, "RevocationReason"));
  }
  return fmt::format("{:<7} until {}", status, text_of(certificate, "NotAfter"));
}

void print_certificate(const JsonObject& certificate) {
  const std::string arn = text_of(certificate, "CertificateArn");
  const std::string role = arn.empty() ? text_of(certificate, "Role") : "imported";
  fmt::print("{:<12}  {}  {}  {}\n", role, arn.empty() ? text_of(certificate, "SerialNumber") : arn,
             state_of(certificate), text_of(certificate, "Subject"));
}

void write_certificate(JsonWriter& json, const JsonObject& certificate) {
  json.begin_object();
  write_texts(json, certificate);
  const auto in_use = certificate.find_boolean("InUse");
  if (in_use && *in_use) json.member("InUse", **in_use);
  json.end_object();
}

// Hands each certificate that the action lists, page by page, to `show`.
template <class Show>
Result<void> for_each_listed(Administrator& administrator, const Arguments& arguments,
                             std::string_view action, Show show) {
  std::string marker;
  do {
    AdminBody body(arguments);
    if (!marker.empty()) body.member("Marker", marker);
    TRY(const auto answer, administrator.ask(action, body.take()));
    TRY(const auto object, answer.root().object());
    TRY(const auto list, object.get("Certificates"));
    TRY(const auto values, list.array());
    for (const JsonValue& value : values) {
      TRY(const auto certificate, value.object());
      show(certificate);
    }
    marker = text_of(object, "Marker");
  } while (!marker.empty());
  return {};
}

constexpr std::pair<std::string_view, std::string_view> lists[] = {
    {"Imported", "ListCertificates"}, {"Issued", "ListIssuedCertificates"}};

Result<void> list(const Arguments& arguments) {
  TRY(const auto administrator, Administrator::of(arguments));
  JsonWriter json;
  json.begin_object();
  for (const auto& [member, action] : lists) {
    json.name(member).begin_array();
    TRY(for_each_listed(*administrator, arguments, action, [&](const JsonObject& certificate) {
      if (arguments.has("--json")) return write_certificate(json, certificate);
      print_certificate(certificate);
    }));
    json.end_array();
  }
  json.end_object();
  if (arguments.has("--json")) fmt::print("{}\n", json.take());
  return {};
}

constexpr Option revoke_options[] = {
    {OptionKind::positional, "CERTIFICATE",
     "its PEM file, its serial number in hex, or the ARN of an imported one"},
    {OptionKind::optional, "--reason",
     "unspecified, key-compromise, ca-compromise, affiliation-changed, superseded, "
     "cessation-of-operation, privilege-withdrawn or a-a-compromise (default: unspecified)"},
    json_option,
    data_dir_option,
    master_key_option,
};

// "key-compromise" → "KEY_COMPROMISE".
std::string api_reason(std::string text) {
  for (char& c : text) {
    if (c == '-') c = '_';
    if (c >= 'a' && c <= 'z') c = char(c - 'a' + 'A');
  }
  return text;
}

// "unspecified, key-compromise, …".
std::string shown_reasons() {
  std::string text = lower(pki::all_revocation_reasons());
  std::ranges::replace(text, '_', '-');
  return text;
}

Result<std::string> read_reason(const Arguments& arguments) {
  std::string reason = api_reason(arguments.get("--reason"));
  if (pki::is_revocation_reason(reason)) return reason;
  return wrong_usage(fmt::format("--reason must be one of {}.", shown_reasons()));
}

// What names the certificate, as a member of the request. A file wins over a serial number.
Result<void> write_name(AdminBody& body, const std::string& name) {
  if (name.starts_with("arn:")) {
    body.member("CertificateArn", name);
    return {};
  }
  const auto serial = serial_number_of(name);
  std::error_code unreadable;  // then it is no file for us
  if (serial && !std::filesystem::exists(name, unreadable)) {
    body.member("SerialNumber", *serial);
    return {};
  }
  const auto pem = read_input({name}, pem_bytes_max);
  if (!pem) {
    return invalid(fmt::format("{} is neither an ARN nor a serial number in hex, nor a file: {}",
                               name, pem.error().message));
  }
  body.member("Certificate", *pem);
  return {};
}

Result<void> revoke(const Arguments& arguments) {
  AdminBody body(arguments);
  TRY(write_name(body, arguments.get("CERTIFICATE")));
  if (arguments.has("--reason")) {
    TRY(const auto reason, read_reason(arguments));
    body.member("RevocationReason", reason);
  }
  TRY(const auto administrator, Administrator::of(arguments));
  TRY(const auto answer, administrator->ask("RevokeCertificate", body.take()));
  TRY(const auto object, answer.root().object());
  if (arguments.has("--json")) {
    print_json(object);
  } else {
    fmt::print("revoked {} ({}) since {}, {}\n", text_of(object, "SerialNumber"),
               text_of(object, "Subject"), text_of(object, "RevokedAt"),
               text_of(object, "RevocationReason"));
  }
  return {};
}

}  // namespace

constinit const Command certificate_import_command = {
    "certificate import", "take a certificate with its private key, to sign with; prints its ARN",
    import_options, import};
constinit const Command certificate_list_command = {
    "certificate list",
    "list an account's imported certificates, and those that were issued for its profiles",
    list_options, list};
constinit const Command certificate_revoke_command = {
    "certificate revoke", "end the trust in a certificate, for good", revoke_options, revoke};

}  // namespace hallmark::cli
