#include <cstdio>

#include <fmt/format.h>

#include "base/clock.h"
#include "base/encoding.h"
#include "cli/administrator.h"
#include "cli/commands.h"
#include "cli/output_file.h"
#include "cli/passphrase.h"
#include "cli/serving.h"
#include "crypto/digest.h"
#include "crypto/random.h"
#include "keys/exported_key.h"
#include "pki/intermediate_order.h"

namespace hallmark::cli {
namespace {

constexpr std::size_t pem_bytes_max = 64 * 1024;

constexpr Option passphrase_option = {
    OptionKind::optional, "--passphrase-file",
    "a file whose first line is the passphrase of the root's key, credential:NAME, or - for "
    "standard input (default: ask at the terminal)"};

// The root's key, for the moment of one signature.
Result<std::unique_ptr<crypto::Signer>> open_root_key(const Arguments& arguments, Random& random) {
  TRY(const auto pem, read_input({arguments.get("--root"), "--root"}, pem_bytes_max));
  TRY(const Secret passphrase,
      read_passphrase(arguments.get("--passphrase-file"), "passphrase of the root's key"));
  return keys::open_exported_key(pem, passphrase, random);
}

Result<crypto::Certificate> sign_order(std::string_view order_pem, const crypto::Signer& root_key,
                                       Random& random) {
  TRY(const auto order, pki::intermediate_order_from_pem(order_pem));
  return pki::sign_intermediate(order, root_key, SystemClock().now(), random);
}

void print_end(std::string_view what, std::string_view subject, std::string_view serial,
               std::string_view end) {
  fmt::print("{} {}\n  serial number  {}\n  valid until    {}\n", what, subject, serial, end);
}

void print_installed(const JsonObject& answer) {
  print_end("installed", text_of(answer, "Subject"), text_of(answer, "SerialNumber"),
            text_of(answer, "NotAfter"));
}

Result<std::string> order_from(Administrator& administrator, const Arguments& arguments) {
  TRY(const auto answer, administrator.ask("RequestIntermediate", AdminBody(arguments).take()));
  TRY(const auto object, answer.root().object());
  return text_of(object, "Order");
}

Result<void> install_pem(Administrator& administrator, const Arguments& arguments,
                         std::string_view pem) {
  AdminBody body(arguments);
  body.member("Certificate", pem);
  TRY(const auto answer, administrator.ask("InstallIntermediate", body.take()));
  TRY(const auto object, answer.root().object());
  print_installed(object);
  return {};
}

// By which it is seen, before the root signs, that nobody exchanged it on its way.
void print_fingerprint(std::string_view order) {
  fmt::print("SHA-256 of the request: {}\n", to_hex(crypto::sha256(bytes_of(order))));
  std::fflush(stdout);
}

constexpr Option request_options[] = {output_option, force_option, data_dir_option,
                                      master_key_option};

Result<void> request(const Arguments& arguments) {
  TRY(const auto output, OutputFile::of(arguments));
  TRY(const auto administrator, Administrator::of(arguments));
  TRY(const auto order, order_from(*administrator, arguments));
  TRY(output.write(bytes_of(order), public_file));
  print_fingerprint(order);
  fmt::print("{}: have it signed by `hallmark authority sign` where the root's key is\n",
             output.path().string());
  return {};
}

constexpr Option sign_options[] = {
    {OptionKind::positional, "REQUEST", "what `hallmark authority request` wrote"},
    {OptionKind::required, "--root", "the root's key, as `init --root-out` wrote it"},
    output_option,
    force_option,
    passphrase_option,
};

Result<void> sign(const Arguments& arguments) {
  TRY(harden_process());
  TRY(const auto output, OutputFile::of(arguments));
  TRY(const auto order, read_input({arguments.get("REQUEST")}, pem_bytes_max));
  print_fingerprint(order);
  crypto::SystemRandom random;
  TRY(const auto root_key, open_root_key(arguments, random));
  TRY(const auto made, sign_order(order, *root_key, random));
  TRY(output.write(bytes_of(crypto::to_pem({made})), public_file));
  print_end("signed", made.subject, made.serial_hex, to_rfc3339(made.not_after));
  return {};
}

constexpr Option install_options[] = {
    {OptionKind::positional, "CERTIFICATE", "what `hallmark authority sign` wrote"},
    data_dir_option,
    master_key_option,
};

Result<void> install(const Arguments& arguments) {
  TRY(const auto pem, read_input({arguments.get("CERTIFICATE")}, pem_bytes_max));
  TRY(const auto administrator, Administrator::of(arguments));
  return install_pem(*administrator, arguments, pem);
}

constexpr Option renew_options[] = {
    {OptionKind::optional, "--root",
     "the root's key, as `init --root-out` wrote it (default: the one that `dev` keeps)"},
    passphrase_option,
    data_dir_option,
    master_key_option,
};

Result<void> renew(const Arguments& arguments) {
  TRY(const auto administrator, Administrator::of(arguments));
  if (!arguments.has("--root")) {
    if (arguments.has("--passphrase-file")) return wrong_usage("--passphrase-file needs --root.");
    TRY(const auto answer, administrator->ask("RenewIntermediate", AdminBody(arguments).take()));
    TRY(const auto object, answer.root().object());
    print_installed(object);
    return {};
  }
  crypto::SystemRandom random;
  TRY(const auto root_key, open_root_key(arguments, random));
  TRY(const auto order, order_from(*administrator, arguments));
  TRY(const auto made, sign_order(order, *root_key, random));
  return install_pem(*administrator, arguments, crypto::to_pem({made}));
}

constexpr Option list_options[] = {json_option, data_dir_option, master_key_option};

// "ISSUING        until 2031-…", "REVOKED        since …".
std::string state_of(const JsonObject& authority) {
  const std::string status = text_of(authority, "Status");
  const bool revoked = status == "REVOKED";
  const bool requested = status == "REQUESTED";
  const std::string_view time = revoked ? "RevokedAt" : requested ? "NotBefore" : "NotAfter";
  return fmt::format("{:<13} {} {}", status, revoked || requested ? "since" : "until",
                     text_of(authority, time));
}

Result<void> list(const Arguments& arguments) {
  TRY(const auto administrator, Administrator::of(arguments));
  TRY(const auto answer, administrator->ask("ListAuthorities", AdminBody(arguments).take()));
  TRY(const auto object, answer.root().object());
  TRY(const auto all, object.get("Certificates"));
  TRY(const auto values, all.array());
  JsonWriter json;
  json.begin_array();
  for (const JsonValue& value : values) {
    TRY(const auto authority, value.object());
    if (!arguments.has("--json")) {
      fmt::print("{:<12}  {:<32}  {}  {}\n", text_of(authority, "Role"),
                 text_of(authority, "SerialNumber"), state_of(authority),
                 text_of(authority, "Subject"));
    }
    json.begin_object();
    write_texts(json, authority);
    json.end_object();
  }
  json.end_array();
  if (arguments.has("--json")) fmt::print("{}\n", json.take());
  return {};
}

}  // namespace

constinit const Command authority_install_command = {
    "authority install", "take a new intermediate's certificate, which issues from then on",
    install_options, install};
constinit const Command authority_list_command = {
    "authority list", "list the root and the intermediates, and which of them issues", list_options,
    list};
constinit const Command authority_renew_command = {
    "authority renew", "make a new intermediate with the root's key, and issue with it",
    renew_options, renew};
constinit const Command authority_request_command = {
    "authority request", "make a key for a new intermediate, and the request for its certificate",
    request_options, request};
constinit const Command authority_sign_command = {
    "authority sign", "sign a new intermediate's request, on the machine that has the root's key",
    sign_options, sign};

}  // namespace hallmark::cli
