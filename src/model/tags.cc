#include "model/tags.h"

#include <algorithm>

namespace hallmark::model {

StringMap merged(StringMap tags, const StringMap& changes) {
  for (const auto& [key, value] : changes) {
    const auto found = std::ranges::find(tags, key, &StringMap::value_type::first);
    if (found == tags.end()) {
      tags.emplace_back(key, value);
    } else {
      found->second = value;
    }
  }
  return tags;
}

}  // namespace hallmark::model
