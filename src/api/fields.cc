#include "api/fields.h"

#include <charconv>

#include <fmt/format.h>

#include "model/text_rules.h"

namespace hallmark::api {
namespace {

constexpr std::size_t reason_characters_max = 500;

}  // namespace

Result<std::optional<model::AccountId>> read_account(std::string_view raw, std::string_view name) {
  if (raw.empty()) return std::optional<model::AccountId>();
  auto account = model::AccountId::parse(raw);
  if (!account) return invalid(fmt::format("{} must have 12 digits.", name));
  return std::optional(*std::move(account));
}

Result<int> read_results_max(const Query& query) {
  const std::string raw = query.get("maxResults");
  if (raw.empty()) return limits::list_page_max;
  int value = 0;
  const auto [end, error] = std::from_chars(raw.data(), raw.data() + raw.size(), value);
  if (error != std::errc() || end != raw.data() + raw.size() || value < 1 ||
      value > limits::list_page_max) {
    return invalid(fmt::format("maxResults must be between 1 and {}.", limits::list_page_max));
  }
  return value;
}

Result<bool> read_boolean(const Query& query, std::string_view name) {
  const std::string raw = query.get(name);
  if (raw.empty() || raw == "false") return false;
  if (raw == "true") return true;
  return invalid(fmt::format("{} must be true or false.", name));
}

Result<model::JobId> read_job_id(const std::string& raw) {
  if (const auto id = Uuid::parse(raw)) return *id;
  return not_found(fmt::format("Signing job with id {} does not exist.", raw));
}

Result<model::StringMap> read_string_map(const JsonObject& object, std::string_view name) {
  model::StringMap map;
  TRY(auto member, object.find_object(name));
  if (!member) return map;
  for (const auto& [key, value] : member->members()) {
    TRY(auto text, value.text());
    map.emplace_back(std::string(key), std::string(text));
  }
  return map;
}

Result<model::StringMap> read_tags(const JsonObject& body) {
  TRY(auto tags, read_string_map(body, "tags"));
  if (tags.empty() && body.find("tags")) return invalid("tags must have 1 to 200 entries.");
  return tags;
}

Result<std::string> read_revocation_reason(const JsonObject& body) {
  TRY(auto reason, body.get_text("reason"));
  const auto characters = model::count_characters(reason);
  if (!characters || *characters < 1 || *characters > reason_characters_max) {
    return invalid(fmt::format("reason must have 1 to {} characters.", reason_characters_max));
  }
  return std::string(reason);
}

}  // namespace hallmark::api
