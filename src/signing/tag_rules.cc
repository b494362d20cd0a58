#include "signing/tag_rules.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "base/ascii.h"
#include "model/text_rules.h"

namespace hallmark::signing {
namespace {

constexpr std::size_t tags_max = 200;
constexpr std::size_t tag_key_max = 128;
constexpr std::size_t tag_value_max = 256;

// ^(?!aws:)[a-zA-Z+-=._:/]+$ where `+-=` is a range, U+002B to U+003D.
bool tag_key_character(char c) { return model::is_letter(c) || (c >= '+' && c <= '=') || c == '_'; }

Result<void> check_key(std::string_view field, std::string_view key) {
  if (model::consists_of(key, 1, tag_key_max, tag_key_character) && !key.starts_with("aws:")) {
    return {};
  }
  return invalid(
      fmt::format("{}: a key must have 1 to {} characters, and match ^(?!aws:)[a-zA-Z+-=._:/]+$.",
                  field, tag_key_max));
}

// Condition keys compare without case, so of two such keys a policy would see only one.
Result<void> check_tag_keys_differ(const model::StringMap& tags) {
  std::set<std::string> seen;
  for (const auto& [key, value] : tags) {
    if (!seen.insert(lower(key)).second) return invalid("tags: two keys differ only in case.");
  }
  return {};
}

}  // namespace

Result<void> check_tags(const model::StringMap& tags) {
  if (tags.size() > tags_max) {
    return invalid(fmt::format("tags must have at most {} entries.", tags_max));
  }
  for (const auto& [key, value] : tags) {
    TRY(check_key("tags", key));
    const auto characters = model::count_characters(value);
    if (!characters || *characters > tag_value_max) {
      return invalid(fmt::format("tags: a value must have at most {} characters.", tag_value_max));
    }
  }
  return check_tag_keys_differ(tags);
}

Result<void> check_tag_keys(std::span<const std::string> keys) {
  if (keys.empty() || keys.size() > tags_max) {
    return invalid(fmt::format("tagKeys must have 1 to {} entries.", tags_max));
  }
  for (const std::string& key : keys) TRY(check_key("tagKeys", key));
  return {};
}

}  // namespace hallmark::signing
