#include <algorithm>

#include <fmt/format.h>

#include "api/acm/errors.h"
#include "api/acm/operations.h"

namespace hallmark::api {
namespace {

constexpr std::string_view target_header = "x-amz-target";
constexpr std::string_view target_prefix = "CertificateManager.";
constexpr std::string_view media_type = "application/x-amz-json-1.1";

bool speaks(const http::Request& request) {
  const auto target = request.headers.find(target_header);
  return target && target->starts_with(target_prefix);
}

Error no_such_operation(std::string message) {
  return {ErrorKind::no_such_operation, std::move(message), {}};
}

// The header "X-Amz-Target: CertificateManager.ImportCertificate".
Result<const Operation*> find_operation(const Protocol& protocol, const http::Request& request) {
  if (request.headers.count(target_header) != 1 || !speaks(request)) {
    return no_such_operation(
        fmt::format("The header X-Amz-Target must be {}OPERATION.", target_prefix));
  }
  const auto name = request.headers.find(target_header)->substr(target_prefix.size());
  const auto operations = protocol.operations();
  const auto found =
      std::ranges::find(operations, name, [](const Operation* each) { return each->name; });
  if (found == operations.end()) {
    return no_such_operation(fmt::format("The operation {} is not known here.", name));
  }
  return *found;
}

Result<Routed> read(const Protocol& protocol, const http::Request& request, std::string_view path) {
  if (path != "/" || request.method != http::Method::post) {
    return no_such_operation("Requests of this service are POST /.");
  }
  TRY(const Operation* operation, find_operation(protocol, request));
  if (request.headers.find("content-type") != media_type) {
    return malformed(fmt::format("The body must be of type {}.", media_type));
  }
  TRY(auto query, Query::parse(request.query));
  TRY(auto body, JsonDocument::parse(request.body));
  return Routed{operation, {}, std::move(query), std::move(body)};
}

http::Response answer(const Operation&, std::string body, std::string_view request_id) {
  return render_acm_answer(body.empty() ? "{}" : std::move(body), request_id);
}

http::Response error(const Error& error, const Operation*, std::string_view request_id) {
  return render_acm_error(error, request_id);
}

}  // namespace

constinit const Protocol acm_protocol = {.service = "acm",
                                         .operations = acm_operations,
                                         .speaks = speaks,
                                         .read = read,
                                         .render_answer = answer,
                                         .render_error = error};

}  // namespace hallmark::api
