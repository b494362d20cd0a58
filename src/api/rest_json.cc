#include "api/errors.h"
#include "api/protocol.h"
#include "api/route.h"
#include "api/signer/operations.h"

namespace hallmark::api {
namespace {

constexpr std::string_view version = "2017-08-25";

bool speaks(const http::Request&) { return true; }

// A request that is signed in its query may name the operation there too (the reference's Common
// Parameters), and must then mean the one that it is routed to.
Result<void> check_common_parameters(const Query& query, const Operation& operation) {
  if (query.get("X-Amz-Signature").empty()) return {};
  const std::string action = query.get("Action");
  if (!action.empty() && action != operation.name) {
    return invalid("Action must be " + std::string(operation.name) + " here.");
  }
  const std::string given = query.get("Version");
  if (!given.empty() && given != version) {
    return invalid("Version must be " + std::string(version) + ".");
  }
  return {};
}

Result<Routed> read(const Protocol& protocol, const http::Request& request, std::string_view path) {
  TRY(auto route, find_route(protocol.operations(), request.method, path));
  TRY(auto query, Query::parse(request.query));
  TRY(check_common_parameters(query, *route.operation));
  TRY(auto body, JsonDocument::parse(request.body));
  return Routed{route.operation, std::move(route.path), std::move(query), std::move(body)};
}

http::Response answer(const Operation&, std::string body, std::string_view request_id) {
  return render_answer(std::move(body), request_id);
}

http::Response error(const Error& error, const Operation* operation, std::string_view request_id) {
  const auto dialect = operation == nullptr ? ErrorDialect::no_operation : operation->traits.errors;
  return render_error(error, dialect, request_id);
}

}  // namespace

constinit const Protocol signer_protocol = {.service = "signer",
                                            .operations = signer_operations,
                                            .speaks = speaks,
                                            .read = read,
                                            .render_answer = answer,
                                            .render_error = error};

}  // namespace hallmark::api
