// Maps of texts (tags, parameters) in a column of text, as JSON. Private to store/.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "model/profile.h"

namespace hallmark::store {

std::string json_of(const model::StringMap& map);
// Corrupt unless json_of wrote it.
Result<model::StringMap> stored_map_of(std::string_view json);

}  // namespace hallmark::store
