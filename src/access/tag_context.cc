#include "access/tag_context.h"

namespace hallmark::access {

Context context_of_tags(const model::StringMap& tags) {
  Context context;
  std::vector<std::string> keys;
  for (const auto& [key, value] : tags) {
    context.emplace_back("aws:RequestTag/" + key, std::vector{value});
    keys.push_back(key);
  }
  context.emplace_back("aws:TagKeys", std::move(keys));
  return context;
}

Context context_of_tag_keys(std::vector<std::string> keys) {
  return {{"aws:TagKeys", std::move(keys)}};
}

}  // namespace hallmark::access
