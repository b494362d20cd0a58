// Finding the operation that a method and a path name.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "api/operation.h"
#include "base/result.h"

namespace hallmark::api {

struct Route {
  const Operation* operation;
  std::vector<std::string> path;  // the decoded values of the placeholders
};

// The operation for a method and a raw path. no_such_operation: none; bad_request: a broken escape,
// or a dot segment, which the signature would read as another path.
Result<Route> find_route(std::span<const Operation* const> operations, http::Method method,
                         std::string_view raw_path);

}  // namespace hallmark::api
