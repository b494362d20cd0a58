#include "api/route.h"

#include <optional>

#include "base/encoding.h"

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

}  // namespace hallmark::api
