#include <algorithm>
#include <array>

#include "api/operation.h"
#include "base/encoding.h"
#include "base/limits.h"

namespace hallmark::api {
namespace {

constexpr std::array<std::string_view, 3> list_parameters = {"certificateHashes", "statuses",
                                                             "tagKeys"};

constexpr std::size_t parameters_usual = 8;

Error broken() { return {ErrorKind::bad_request, "The query string is not well-formed.", {}}; }

}  // namespace

Result<void> Query::check_count(std::string_view raw) {
  // Not std::ranges::count: ten times the instructions for a query with few.
  std::size_t separators = 0;
  for (std::size_t i = raw.find('&'); i != raw.npos; i = raw.find('&', i + 1)) ++separators;
  if (separators < limits::query_parameters_max) return {};
  return Error{ErrorKind::bad_request, "The query string has too many parameters.", {}};
}

Result<Query> Query::parse(std::string_view raw) {
  Query query;
  query.parameters_.reserve(parameters_usual);
  while (!raw.empty()) {
    const std::string_view pair = raw.substr(0, raw.find('&'));
    raw.remove_prefix(std::min(raw.size(), pair.size() + 1));
    if (pair.empty()) continue;
    const std::size_t equals = std::min(pair.find('='), pair.size());
    auto name = percent_decode(pair.substr(0, equals));
    auto value = percent_decode(pair.substr(std::min(equals + 1, pair.size())));
    if (!name || !value) return broken();
    const bool repeated = std::ranges::any_of(
        query.parameters_, [&](const auto& parameter) { return parameter.first == *name; });
    if (repeated && std::ranges::find(list_parameters, *name) == list_parameters.end()) {
      return Error{ErrorKind::bad_request, "The query parameter " + *name + " is repeated.", {}};
    }
    query.parameters_.emplace_back(*std::move(name), *std::move(value));
  }
  return query;
}

std::string Query::get(std::string_view name) const {
  const auto found = std::ranges::find(parameters_, name,
                                       [](const auto& p) -> std::string_view { return p.first; });
  return found == parameters_.end() ? std::string() : found->second;
}

std::vector<std::string> Query::list(std::string_view name) const {
  std::vector<std::string> values;
  for (const auto& [key, value] : parameters_) {
    if (key == name) values.push_back(value);
  }
  return values;
}

bool Query::has_prefix(std::string_view prefix) const {
  return std::ranges::any_of(parameters_,
                             [&](const auto& p) { return p.first.starts_with(prefix); });
}

}  // namespace hallmark::api
