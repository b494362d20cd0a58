// The front door: authenticate → route → parse → permit → run → answer, for each request.
#pragma once

#include <chrono>
#include <optional>
#include <span>
#include <string>

#include "api/operation.h"
#include "api/protocol.h"
#include "api/refusal_log.h"
#include "api/request_meters.h"
#include "api/services.h"
#include "http/message.h"

namespace hallmark::api {

struct RouterOptions {
  std::string base_path = "/Prod";  // accepted before every path; signatures cover the raw target
  bool log_requests = false;        // a line for each, whatever became of it
};

// An http::Handler. Safe to call from any thread; the services and protocols outlive it.
class Router {
 public:
  // The first protocol that speaks a request answers it until its service is known.
  Router(Services& services, std::span<const Protocol* const> protocols, RouterOptions options)
      : services_(services), protocols_(protocols), options_(std::move(options)) {}

  void handle(http::Request request, http::Reply reply) const;

 private:
  struct Admitted;
  // A request on its way, since when.
  struct Asked {
    http::Request request;
    http::Reply reply;
    std::chrono::steady_clock::time_point at;
  };
  void answer(Asked asked, std::optional<TokenRequest> token_request) const;
  void refuse(Asked asked, const Error& error) const;
  void log_request(const Asked& asked, std::string_view operation, std::string_view outcome) const;
  std::optional<TokenRequest> read_token_request(const http::Request& request) const;
  Result<Admitted> admit(const http::Request& request,
                         std::optional<TokenRequest> token_request) const;
  Result<WorkPool*> pool_for(const Operation& operation, std::string_view sharer) const;
  Result<Admitted> let_in(const Protocol& protocol, access::Caller caller, Routed routed) const;
  const Protocol& guess(const http::Request& request) const;
  std::string_view without_base_path(std::string_view path) const;

  Services& services_;
  std::span<const Protocol* const> protocols_;
  const RouterOptions options_;
  mutable RefusalLog refusals_{services_.clock};  // safe from any thread, like the router
};

}  // namespace hallmark::api
