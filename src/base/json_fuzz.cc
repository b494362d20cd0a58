// Any bytes, read as a JSON document, and every value of it as every type. Text that is written
// again reads back the same.
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/check.h"
#include "base/json.h"

namespace hallmark {
namespace {

void check_text(std::string_view text) {
  JsonWriter writer;
  writer.begin_object().member("text", text).end_object();
  const std::string written = writer.take();
  const auto again = JsonDocument::parse(written);
  CHECK(again && *again->root().object()->get_text("text") == text);
}

void take(const JsonValue& value, std::vector<JsonValue>& rest) {
  (void)value.integer();
  (void)value.number();
  (void)value.boolean();
  if (const auto text = value.text()) check_text(*text);
  if (const auto array = value.array()) rest.insert(rest.end(), array->begin(), array->end());
  if (const auto object = value.object()) {
    for (const auto& [name, member] : object->members()) {
      CHECK(object->find(name));
      rest.push_back(member);
    }
  }
}

}  // namespace
}  // namespace hallmark

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace hallmark;
  const auto document = JsonDocument::parse(text_of({data, size}));
  if (!document) return 0;
  std::vector<JsonValue> rest = {document->root()};
  while (!rest.empty()) {
    const JsonValue value = rest.back();
    rest.pop_back();
    take(value, rest);
  }
  return 0;
}
