#include "store/string_map.h"

#include "base/json.h"

namespace hallmark::store {
namespace {

using model::StringMap;

constexpr std::string_view empty_map = "{}";

Result<StringMap> map_of(std::string_view json) {
  if (json == empty_map) return StringMap();
  TRY(const JsonDocument document, JsonDocument::parse(json));
  TRY(const JsonObject object, document.root().object());
  StringMap map;
  for (const auto& [key, value] : object.members()) {
    TRY(const std::string_view text, value.text());
    map.emplace_back(key, text);
  }
  return map;
}

}  // namespace

std::string json_of(const StringMap& map) {
  if (map.empty()) return std::string(empty_map);
  JsonWriter writer;
  writer.begin_object();
  for (const auto& [key, value] : map) writer.member(key, value);
  writer.end_object();
  return writer.take();
}

Result<StringMap> stored_map_of(std::string_view json) {
  auto map = map_of(json);
  if (!map) return corrupt("A stored map of texts is not one.");
  return map;
}

}  // namespace hallmark::store
