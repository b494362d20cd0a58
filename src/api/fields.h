// Taking the members of a request as the types of the model. Every error names the field.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "api/operation.h"
#include "base/limits.h"
#include "model/names.h"
#include "model/profile.h"

namespace hallmark::api {

// A path or query value by its type's rule.
template <class T>
Result<std::optional<T>> optional_text(const std::string& raw) {
  if (raw.empty()) return std::optional<T>();
  TRY(auto value, T::parse(raw));
  return std::optional<T>(std::move(value));
}

// The account of a member of this name; nothing when it is empty.
Result<std::optional<model::AccountId>> read_account(std::string_view raw, std::string_view name);

// maxResults: 1 to 25; 25 when absent.
Result<int> read_results_max(const Query& query);
// A boolean of a query: "true" or "false".
Result<bool> read_boolean(const Query& query, std::string_view name);
// A job id of a path. Not found unless it is a UUID: no job has such an id.
Result<model::JobId> read_job_id(const std::string& raw);
// A map of texts, in the order given; empty when absent.
Result<model::StringMap> read_string_map(const JsonObject& object, std::string_view name);
// `tags`: empty when absent. Invalid when it is an empty map, which is not the absence of one: the
// model wants one entry at least.
Result<model::StringMap> read_tags(const JsonObject& body);
// `reason` of a revocation: 1 to 500 characters.
Result<std::string> read_revocation_reason(const JsonObject& body);

}  // namespace hallmark::api
