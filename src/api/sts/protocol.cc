#include <algorithm>

#include <fmt/format.h>

#include "api/sts/errors.h"
#include "api/sts/operations.h"
#include "api/sts/xml.h"

namespace hallmark::api {
namespace {

constexpr std::string_view version = "2011-06-15";
constexpr std::string_view form_type = "application/x-www-form-urlencoded";
constexpr std::size_t unsigned_form_bytes_max = 64 * 1024;  // a token, a policy, escaped
constexpr std::string_view web_identity_action = "AssumeRoleWithWebIdentity";

bool is_form(const http::Request& request) {
  const auto type = request.headers.find("content-type");
  if (!type) return false;
  std::string_view media = type->substr(0, type->find(';'));  // a charset may follow
  while (media.ends_with(' ')) media.remove_suffix(1);
  return media == form_type;
}

bool speaks(const http::Request& request) {
  if (request.path != "/") return false;
  return is_form(request) || request.query.find("Action=") != std::string::npos;
}

// In a form '+' is a space; in a query string, as it is signed, it is itself.
std::string with_escaped_spaces(std::string_view form) {
  std::string escaped;
  escaped.reserve(form.size());
  for (const char c : form) {
    if (c == '+') {
      escaped += "%20";
    } else {
      escaped += c;
    }
  }
  return escaped;
}

// What is in the form and what is in the query string are one list, in which nothing is twice.
Result<Query> read_parameters(const http::Request& request) {
  std::string all = request.query;
  if (!request.body.empty()) {
    if (!is_form(request)) {
      return malformed(fmt::format("The body must be of type {}.", form_type));
    }
    if (!all.empty()) all += '&';
    all += with_escaped_spaces(request.body);
  }
  TRY(Query::check_count(all));
  return Query::parse(all);
}

Error no_such_action(std::string_view action, std::string_view asked_version) {
  return {ErrorKind::no_such_operation,
          fmt::format("Could not find operation {} for version {}", action, asked_version),
          {}};
}

Result<void> check_place(const http::Request& request, std::string_view path) {
  if (path == "/" &&
      (request.method == http::Method::post || request.method == http::Method::get)) {
    return {};
  }
  return Error{ErrorKind::no_such_operation, "There is no such operation.", {}};
}

Result<Routed> route(const Protocol& protocol, Query parameters) {
  const std::string action = parameters.get("Action");
  const std::string asked_version = parameters.get("Version");
  if (action.empty()) return invalid("The parameter Action is missing.", "MissingAction");
  if (asked_version.empty()) {
    return invalid("The parameter Version is missing.", "MissingParameter");
  }
  const auto operations = protocol.operations();
  const auto operation =
      std::ranges::find(operations, action, [](const Operation* each) { return each->name; });
  if (operation == operations.end() || asked_version != version) {
    return no_such_action(action, asked_version);
  }
  TRY(auto body, JsonDocument::parse(""));
  return Routed{*operation, {}, std::move(parameters), std::move(body)};
}

Result<Routed> read(const Protocol& protocol, const http::Request& request, std::string_view path) {
  TRY(check_place(request, path));
  TRY(auto parameters, read_parameters(request));
  return route(protocol, std::move(parameters));
}

// `result` holds the members of the result.
http::Response answer(const Operation& operation, std::string result, std::string_view request_id) {
  const std::string response_name = fmt::format("{}Response", operation.name);
  const std::string result_name = fmt::format("{}Result", operation.name);
  XmlWriter xml;
  xml.begin(response_name, sts_namespace);
  xml.begin(result_name).raw(result).end(result_name);
  xml.begin("ResponseMetadata").element("RequestId", request_id).end("ResponseMetadata");
  xml.end(response_name);
  return render_sts_answer(xml.take(), request_id);
}

http::Response error(const Error& error, const Operation*, std::string_view request_id) {
  return render_sts_error(error, request_id);
}

// Asked of every request, so most are told apart without taking their parameters apart.
std::optional<TokenRequest> read_token_request(const Protocol& protocol,
                                               const http::Request& request) {
  const auto names_it = [](std::string_view text) {
    return text.find(web_identity_action) != std::string_view::npos;
  };
  if (!speaks(request) || request.body.size() > unsigned_form_bytes_max ||
      (!names_it(request.body) && !names_it(request.query))) {
    return std::nullopt;
  }
  auto parameters = read_parameters(request);
  if (!parameters || parameters->get("Action") != web_identity_action) return std::nullopt;
  std::string token = parameters->get("WebIdentityToken");
  if (auto fits = check_place(request, request.path); !fits) {
    return TokenRequest{std::move(token), std::move(fits.error())};
  }
  return TokenRequest{std::move(token), route(protocol, *std::move(parameters))};
}

}  // namespace

constinit const Protocol sts_protocol = {.service = "sts",
                                         .operations = sts_operations,
                                         .speaks = speaks,
                                         .read = read,
                                         .render_answer = answer,
                                         .render_error = error,
                                         .read_token_request = read_token_request};

}  // namespace hallmark::api
