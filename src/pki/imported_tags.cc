#include "pki/imported_tags.h"

#include <algorithm>
#include <set>
#include <string_view>

#include <fmt/format.h>

#include "base/ascii.h"
#include "base/printable.h"
#include "model/text_rules.h"

namespace hallmark::pki {
namespace {

constexpr std::size_t tags_max = 50;
constexpr std::size_t tag_key_max = 128;
constexpr std::size_t tag_value_max = 256;

// Of ^([\p{L}\p{Z}\p{N}_.:/=+\-@]*)$; beyond ASCII every character that can be shown is taken.
bool tag_character(char c) {
  return std::uint8_t(c) >= 0x80 || model::is_alphanumeric(c) ||
         std::string_view(" _.:/=+-@").find(c) != std::string_view::npos;
}

bool is_tag_text(std::string_view text, std::size_t characters_max) {
  const auto characters = model::count_characters(text);
  return characters && *characters <= characters_max && is_printable(text) &&
         std::ranges::all_of(text, tag_character);
}

// AWS keeps the prefix for itself in any case.
Result<void> check_key(std::string_view key) {
  if (!key.empty() && is_tag_text(key, tag_key_max) && !lower(key).starts_with("aws:")) return {};
  return invalid(fmt::format("A tag's key must have 1 to {} characters of letters, digits, spaces "
                             "and _.:/=+-@, and not begin with aws:.",
                             tag_key_max),
                 "InvalidTagException");
}

Result<void> check_value(std::string_view value) {
  if (is_tag_text(value, tag_value_max)) return {};
  return invalid(fmt::format("A tag's value must have at most {} characters of letters, digits, "
                             "spaces and _.:/=+-@.",
                             tag_value_max),
                 "InvalidTagException");
}

Error too_many() {
  return invalid(fmt::format("A certificate has at most {} tags.", tags_max),
                 "TooManyTagsException");
}

}  // namespace

Result<void> check_certificate_tags(const model::StringMap& tags) {
  if (tags.size() > tags_max) return too_many();
  std::set<std::string> seen;  // without case, as conditions compare them
  for (const auto& [key, value] : tags) {
    TRY(check_key(key));
    TRY(check_value(value));
    if (!seen.insert(lower(key)).second) {
      return invalid("Two keys of tags are the same, or differ only in case.",
                     "InvalidTagException");
    }
  }
  return {};
}

Result<void> check_tags_to_remove(const std::vector<TagToRemove>& tags) {
  if (tags.size() > tags_max) return too_many();
  for (const TagToRemove& tag : tags) {
    TRY(check_key(tag.key));
    if (tag.value) TRY(check_value(*tag.value));
  }
  return {};
}

model::StringMap without(model::StringMap tags, const std::vector<TagToRemove>& removed) {
  std::erase_if(tags, [&](const auto& tag) {
    return std::ranges::any_of(removed, [&](const TagToRemove& each) {
      return each.key == tag.first && (!each.value || *each.value == tag.second);
    });
  });
  return tags;
}

}  // namespace hallmark::pki
