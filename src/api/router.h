// The front door of the API: authenticate → route → parse → permit → run → answer, for each
// request.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "api/operation.h"
#include "api/refusal_log.h"
#include "api/services.h"
#include "http/message.h"

namespace hallmark::api {

struct RouterOptions {
  std::string base_path = "/Prod";  // accepted before every path; signatures cover the raw target
};

// An http::Handler. Safe to call from any thread; the services and operations outlive it.
class Router {
 public:
  Router(Services& services, std::span<const Operation* const> operations, RouterOptions options)
      : services_(services), operations_(operations), options_(std::move(options)) {}

  void handle(http::Request request, http::Reply reply) const;

 private:
  Services& services_;
  std::span<const Operation* const> operations_;
  const RouterOptions options_;
  mutable RefusalLog refusals_{services_.clock};  // safe from any thread, like the router
};

struct Route {
  const Operation* operation;
  std::vector<std::string> path;  // the decoded values of the placeholders
};

// The operation for a method and a raw path. no_such_operation: none; bad_request: a broken escape,
// or a dot segment, which the signature would read as another path.
Result<Route> find_route(std::span<const Operation* const> operations, http::Method method,
                         std::string_view raw_path);

}  // namespace hallmark::api
