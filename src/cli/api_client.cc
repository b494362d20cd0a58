#include "cli/api_client.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/encoding.h"
#include "base/limits.h"
#include "base/operator_words.h"
#include "base/printable.h"
#include "cli/named_file.h"
#include "crypto/digest.h"
#include "http/loopback.h"
#include "keys/secret_file.h"
#include "sigv4/sigv4.h"

namespace hallmark::cli {
namespace {

constexpr int ok = 200;
constexpr std::string_view service = "signer";

struct Url {
  std::string authority;  // as the Host field has it
  std::string base_path;  // "/Prod"; empty as a rule
};

// The Host field leaves the scheme's own port out, and it is signed.
Result<Url> url_of(std::string_view endpoint) {
  const bool is_secure = endpoint.starts_with("https://");
  if (!is_secure && !endpoint.starts_with("http://")) {
    return invalid(fmt::format("{} is no URL of the form http[s]://HOST[:PORT].", endpoint));
  }
  if (!is_secure && !http::is_loopback_url(endpoint)) {
    return invalid(
        fmt::format("{}: a server on another machine is reached over https only.", endpoint));
  }
  endpoint.remove_prefix(is_secure ? 8 : 7);
  const std::size_t slash = std::min(endpoint.find('/'), endpoint.size());
  std::string_view authority = endpoint.substr(0, slash);
  const std::string_view own_port = is_secure ? ":443" : ":80";
  if (authority.ends_with(own_port)) authority.remove_suffix(own_port.size());
  return Url{std::string(authority), std::string(endpoint.substr(slash))};
}

std::string query_of(const ApiRequest& request) {
  std::string query;
  for (const auto& [name, value] : request.query) {
    query += fmt::format("{}{}={}", query.empty() ? "" : "&", percent_encode(name),
                         percent_encode(value));
  }
  return query;
}

Error error_of(const http::ClientResponse& response) {
  const std::string name(response.headers.find("x-amzn-ErrorType").value_or("an error"));
  std::string message;
  if (const auto document = JsonDocument::parse(response.body)) {
    if (const auto object = document->root().object()) {
      for (const char* member : {"message", "Message"}) {
        const auto text = object->find_text(member);
        if (text && *text && message.empty()) message = **text;
      }
    }
  }
  if (!is_printable(name) || !is_printable(message)) message = "(not printable)";
  return invalid(fmt::format("The server answers {} ({}): {}", response.status, name, message));
}

// As of every file with a secret: its owner's alone.
Result<void> check_client_key(const Arguments& arguments) {
  const bool has_certificate = arguments.has(client_certificate_option.name);
  if (arguments.has(client_key_option.name) && !has_certificate) {
    return wrong_usage("--client-key is the key of --client-certificate, which is not given.");
  }
  if (!has_certificate) return {};
  const Option& holder =
      arguments.has(client_key_option.name) ? client_key_option : client_certificate_option;
  const auto key =
      keys::read_secret_file(arguments.get(holder.name), limits::certificate_pem_bytes_max);
  if (!key) return about_option(holder.name, key.error());
  return {};
}

}  // namespace

Result<JsonDocument> ApiClient::call(const ApiRequest& request) const {
  TRY(const Url url, url_of(settings_.endpoint));
  const std::string path = url.base_path + request.path;
  const std::string query = query_of(request);
  const Timestamp now = clock_.now();
  const std::string time = to_basic(now);

  http::ClientRequest out{.method = request.method,
                          .url = settings_.endpoint + request.path,
                          .body = request.body,
                          .ca_file = settings_.ca_file,
                          .certificate_file = settings_.certificate_file,
                          .key_file = settings_.key_file};
  if (!query.empty()) out.url += "?" + query;
  out.headers.add("x-amz-date", time);
  if (!request.body.empty()) out.headers.add("content-type", "application/json");
  if (!settings_.session_token.empty()) {
    out.headers.add("x-amz-security-token", settings_.session_token);
  }
  sigv4::RequestView view{
      .method = http::name_of(request.method), .path = path, .query = query, .headers = {}};
  view.headers.emplace_back("host", url.authority);
  for (const auto& field : out.headers.fields()) view.headers.emplace_back(field.name, field.value);
  const sigv4::Scope scope{to_basic_date(now), settings_.region, std::string(service)};
  const Secret key = sigv4::derive_signing_key(settings_.secret_access_key, scope);
  out.headers.add(
      "authorization",
      sigv4::authorize(view, to_hex(crypto::sha256(bytes_of(request.body))), time,
                       settings_.access_key_id, scope, key, sigv4::PathStyle::normalized));
  auto response = http::fetch(out);
  if (!response && response.error().kind == ErrorKind::invalid) return std::move(response.error());
  if (!response) {
    return Error{response.error().kind,
                 fmt::format("The server at {} does not answer.", settings_.endpoint),
                 words_of(response.error())};
  }
  if (response->status != ok) return error_of(*response);
  return JsonDocument::parse(response->body.empty() ? "{}" : response->body);
}

Result<ApiClient> make_api_client(const Arguments& arguments, const Clock& clock) {
  for (const Option& file : {ca_file_option, client_certificate_option}) {
    if (arguments.has(file.name)) TRY(open_file({arguments.get(file.name), file.name}));
  }
  TRY(check_client_key(arguments));
  ClientPlaces places{.endpoint = arguments.get("--endpoint"),
                      .ca_file = arguments.get("--ca-file")};
  if (arguments.has("--data-dir")) {
    places.directory = server::DataDirectory{whole_path(arguments.get("--data-dir"))};
  }
  TRY(auto settings, read_client_settings(places));
  settings.certificate_file = arguments.get(client_certificate_option.name);
  settings.key_file = arguments.get(client_key_option.name);
  return ApiClient(std::move(settings), clock);
}

}  // namespace hallmark::cli
