// Timestamps of a query string.
#pragma once

#include <optional>
#include <string_view>

#include "api/operation.h"
#include "base/clock.h"

namespace hallmark::api {

// ISO 8601 in UTC, with or without a fraction ("2023-11-14T22:13:20Z"), as the SDKs send it, or
// seconds since 1970, also with a fraction. Nothing when the parameter is absent or empty.
Result<std::optional<Timestamp>> read_time(const Query& query, std::string_view name);

}  // namespace hallmark::api
