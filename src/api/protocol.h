// The services of the port, each with its protocol: what of a request names the operation, and how
// answers and errors are written. The credential scope's service name selects one.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "api/operation.h"
#include "base/json.h"
#include "base/result.h"
#include "http/message.h"

namespace hallmark::api {

// A request that was understood.
struct Routed {
  const Operation* operation;
  std::vector<std::string> path;  // the decoded values of the placeholders
  Query query;
  JsonDocument body;
};

// A request that proves its caller by a token of a web identity instead of a signature. Whether it
// was understood is only said to a caller whose token is good.
struct TokenRequest {
  std::string token;
  Result<Routed> routed;
};

struct Protocol {
  std::string_view service;  // "signer"
  std::span<const Operation* const> (*operations)();
  // Whether a request looks like one of this service: asked while its scope is not known.
  bool (*speaks)(const http::Request& request);
  // `path` is without the base path. no_such_operation, bad_request, malformed.
  Result<Routed> (*read)(const Protocol& protocol, const http::Request& request,
                         std::string_view path);
  http::Response (*render_answer)(const Operation& operation, std::string body,
                                  std::string_view request_id);
  // `operation` is nothing while it is not known.
  http::Response (*render_error)(const Error& error, const Operation* operation,
                                 std::string_view request_id);
  // Nothing: the request has to be signed. Null where every request of the service has to be.
  std::optional<TokenRequest> (*read_token_request)(const Protocol& protocol,
                                                    const http::Request& request) = nullptr;
};

// restJson1: method and path name the operation, bodies are JSON (api/rest_json.cc).
extern const Protocol signer_protocol;

}  // namespace hallmark::api
