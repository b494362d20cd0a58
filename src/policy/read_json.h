// Shapes that policy documents have in many places.
#pragma once

#include <string>
#include <vector>

#include "base/json.h"
#include "base/result.h"

namespace hallmark::policy {

struct TextAt {
  std::string text;
  std::string path;
};

enum class Scalars { text_only, any };  // any: also a number or a boolean, as their JSON text

// One value or an array of at least one.
Result<std::vector<TextAt>> read_texts(const JsonValue& value, Scalars scalars);

}  // namespace hallmark::policy
