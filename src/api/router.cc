#include "api/router.h"

#include <memory>
#include <optional>

#include "api/errors.h"
#include "base/encoding.h"
#include "base/guarded.h"

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

// Everything that needs the authenticated request; the outcome goes to `finish`.
Result<void> dispatch(Services& services, std::span<const Operation* const> operations,
                      const http::Request& request, std::string_view path, Finish& finish) {
  if (request.headers.count("content-encoding") > 0) {
    return Error{ErrorKind::bad_request, "A Content-Encoding is not accepted.", {}};
  }
  TRY(auto caller, services.authenticator.authenticate(request));
  TRY(auto route, find_route(operations, request.method, path));
  TRY(auto query, Query::parse(request.query));
  TRY(auto body, JsonDocument::parse(request.body));
  route.operation->handle(
      services,
      Incoming{std::move(caller), std::move(route.path), std::move(query), std::move(body)},
      std::move(finish));
  return {};
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

void Router::handle(http::Request request, http::Reply incoming_reply) const {
  std::string_view path = request.path;
  if (path.starts_with(options_.base_path) &&
      path.substr(options_.base_path.size()).starts_with('/')) {
    path.remove_prefix(options_.base_path.size());
  }
  // Shared, because the verb answers when it was reached, and this function when it was not.
  auto once = std::make_shared<std::optional<http::Reply>>(std::move(incoming_reply));
  const auto answer = [](std::optional<http::Reply>& pending, http::Response response) {
    if (!pending) return;  // a verb that answered, and then failed
    http::Reply reply = *std::move(pending);
    pending.reset();
    reply(std::move(response));
  };
  Finish finish = [once, answer, id = request.request_id](Result<std::string> outcome) {
    answer(*once,
           outcome ? render_answer(*std::move(outcome), id) : render_error(outcome.error(), id));
  };
  const Result<void> dispatched =
      guarded([&] { return dispatch(services_, operations_, request, path, finish); });
  if (!dispatched) answer(*once, render_refusal(dispatched.error(), request.request_id));
}

}  // namespace hallmark::api
