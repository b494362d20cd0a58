#include "policy/read_json.h"

#include <fmt/format.h>

namespace hallmark::policy {
namespace {

Result<std::string> read_text(const JsonValue& value, Scalars scalars) {
  if (scalars == Scalars::any && !value.is_text()) {
    if (const auto boolean = value.boolean()) return std::string(*boolean ? "true" : "false");
    if (const auto integer = value.integer()) return fmt::format("{}", *integer);
    if (const auto number = value.number()) return fmt::format("{}", *number);
    return invalid(fmt::format("{} must be a string, a number or a boolean.", value.path()));
  }
  TRY(auto text, value.text());
  return std::string(text);
}

}  // namespace

Result<std::vector<TextAt>> read_texts(const JsonValue& value, Scalars scalars) {
  std::vector<JsonValue> elements = {value};
  if (value.is_array()) {
    TRY(elements, value.array());
  }
  if (elements.empty()) return invalid(fmt::format("{} must not be empty.", value.path()));
  std::vector<TextAt> texts;
  for (const JsonValue& element : elements) {
    TRY(auto text, read_text(element, scalars));
    texts.push_back({std::move(text), element.path()});
  }
  return texts;
}

}  // namespace hallmark::policy
