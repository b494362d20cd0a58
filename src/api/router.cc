#include "api/router.h"

#include <optional>

#include "api/errors.h"
#include "base/encoding.h"
#include "base/guarded.h"
#include "base/log.h"

namespace hallmark::api {
namespace {

// The segments between slashes: "/a/b" has "a" and "b".
std::vector<std::string_view> split(std::string_view path) {
  std::vector<std::string_view> segments;
  while (path.starts_with('/')) {
    path.remove_prefix(1);
    segments.push_back(path.substr(0, path.find('/')));
    path.remove_prefix(segments.back().size());
  }
  return segments;
}

// The values of the placeholders when the decoded segments fit the template.
std::optional<std::vector<std::string>> match(std::string_view path_template,
                                              const std::vector<std::string>& segments) {
  const auto expected = split(path_template);
  if (expected.size() != segments.size()) return std::nullopt;
  std::vector<std::string> values;
  for (std::size_t i = 0; i < expected.size(); ++i) {
    if (expected[i].starts_with('{')) {
      if (segments[i].empty()) return std::nullopt;
      values.push_back(segments[i]);
    } else if (expected[i] != segments[i]) {
      return std::nullopt;
    }
  }
  return values;
}

Error bad_path() { return {ErrorKind::bad_request, "The path is not well-formed.", {}}; }

// A request that may go to its operation.
struct Admitted {
  const Operation* operation;
  Incoming incoming;
};

Result<Admitted> admit(Services& services, std::span<const Operation* const> operations,
                       const http::Request& request, std::string_view path) {
  if (request.headers.count("content-encoding") > 0) {
    return Error{ErrorKind::bad_request, "A Content-Encoding is not accepted.", {}};
  }
  // Before the signature, whose check sorts them: who is not known yet makes us do little.
  TRY(Query::check_count(request.query));
  TRY(auto caller, services.authenticator.authenticate(request));
  TRY(auto route, find_route(operations, request.method, path));
  TRY(auto query, Query::parse(request.query));
  TRY(auto body, JsonDocument::parse(request.body));
  return Admitted{route.operation, Incoming{std::move(caller), std::move(route.path),
                                            std::move(query), std::move(body)}};
}

}  // namespace

Result<Route> find_route(std::span<const Operation* const> operations, http::Method method,
                         std::string_view raw_path) {
  std::vector<std::string> segments;
  for (const std::string_view raw : split(raw_path)) {
    auto segment = percent_decode(raw);
    if (!segment || *segment == "." || *segment == "..") return bad_path();
    segments.push_back(*std::move(segment));
  }
  for (const Operation* operation : operations) {
    if (operation->method != method) continue;
    if (auto values = match(operation->path, segments)) return Route{operation, *std::move(values)};
  }
  return Error{ErrorKind::no_such_operation, "There is no such operation.", {}};
}

void Router::handle(http::Request request, http::Reply reply) const {
  std::string_view path = request.path;
  if (path.starts_with(options_.base_path) &&
      path.substr(options_.base_path.size()).starts_with('/')) {
    path.remove_prefix(options_.base_path.size());
  }
  auto admitted = guarded([&] { return admit(services_, operations_, request, path); });
  if (!admitted) {
    refusals_.note(request, admitted.error());
    return reply(render_refusal(admitted.error(), request.request_id));
  }
  request.body.clear();  // parsed; the rest is for the log
  Finish finish = [this, request = std::move(request),
                   reply = std::move(reply)](Result<std::string> outcome) mutable {
    if (outcome) return reply(render_answer(*std::move(outcome), request.request_id));
    refusals_.note(request, outcome.error());
    reply(render_error(outcome.error(), request.request_id));
  };
  // A verb that throws drops the reply, which then answers by itself.
  const auto handled = guarded([&] {
    admitted->operation->handle(services_, std::move(admitted->incoming), std::move(finish));
  });
  if (!handled) log::error("an operation threw", {{"error", describe(handled.error())}});
}

}  // namespace hallmark::api
