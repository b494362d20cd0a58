#include "base/json.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include <fmt/format.h>
#include <boost/json/basic_parser_impl.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <boost/json/value_stack.hpp>

#include "base/encoding.h"
#include "base/limits.h"

namespace hallmark {
namespace {

namespace json = boost::json;
using json::error_code;
using json::string_view;

const json::value& value_at(const void* value) { return *static_cast<const json::value*>(value); }
const json::object& object_at(const void* o) { return *static_cast<const json::object*>(o); }

// Builds the tree as json::parser does, and counts the members that the text has: an object keeps
// one of two members of the same name, so the tree then has fewer than were counted.
struct TreeHandler {
  static constexpr std::size_t max_object_size = std::size_t(-1);
  static constexpr std::size_t max_array_size = std::size_t(-1);
  static constexpr std::size_t max_key_size = std::size_t(-1);
  static constexpr std::size_t max_string_size = std::size_t(-1);

  json::value_stack stack;
  std::size_t members = 0;

  bool on_document_begin(error_code&) { return true; }
  bool on_document_end(error_code&) { return true; }
  bool on_object_begin(error_code&) { return true; }
  bool on_object_end(std::size_t n, error_code&) { return stack.push_object(n), true; }
  bool on_array_begin(error_code&) { return true; }
  bool on_array_end(std::size_t n, error_code&) { return stack.push_array(n), true; }
  bool on_key_part(string_view s, std::size_t, error_code&) { return stack.push_chars(s), true; }
  bool on_key(string_view s, std::size_t, error_code&) {
    ++members;
    return stack.push_key(s), true;
  }
  bool on_string_part(string_view s, std::size_t, error_code&) { return stack.push_chars(s), true; }
  bool on_string(string_view s, std::size_t, error_code&) { return stack.push_string(s), true; }
  bool on_number_part(string_view, error_code&) { return true; }
  bool on_int64(std::int64_t i, string_view, error_code&) { return stack.push_int64(i), true; }
  bool on_uint64(std::uint64_t u, string_view, error_code&) { return stack.push_uint64(u), true; }
  bool on_double(double d, string_view, error_code&) { return stack.push_double(d), true; }
  bool on_bool(bool b, error_code&) { return stack.push_bool(b), true; }
  bool on_null(error_code&) { return stack.push_null(), true; }
  bool on_comment_part(string_view, error_code&) { return true; }
  bool on_comment(string_view, error_code&) { return true; }
};

// Depth is bounded by the parser (limits::json_depth_max), so this recursion is too.
std::size_t count_members(const json::value& value) {
  std::size_t count = 0;
  if (const auto* object = value.if_object()) {
    count = object->size();
    for (const auto& member : *object) count += count_members(member.value());
  } else if (const auto* array = value.if_array()) {
    for (const auto& element : *array) count += count_members(element);
  }
  return count;
}

constexpr std::string_view replacement_character = "\xEF\xBF\xBD";

// The length of the UTF-8 sequence at the start of `text` (RFC 3629), or 0 when it is not one.
std::size_t utf8_length(std::string_view text) {
  const auto at = [&](std::size_t i) { return i < text.size() ? std::uint8_t(text[i]) : 0U; };
  const auto tail = [&](std::size_t i) { return (at(i) & 0xc0U) == 0x80U; };
  const unsigned lead = at(0);
  if (lead < 0x80) return 1;
  if (lead >= 0xc2 && lead <= 0xdf && tail(1)) return 2;
  if (lead >= 0xe0 && lead <= 0xef && tail(1) && tail(2)) {
    const bool overlong = lead == 0xe0 && at(1) < 0xa0;
    const bool surrogate = lead == 0xed && at(1) >= 0xa0;
    return overlong || surrogate ? 0 : 3;
  }
  if (lead >= 0xf0 && lead <= 0xf4 && tail(1) && tail(2) && tail(3)) {
    const bool overlong = lead == 0xf0 && at(1) < 0x90;
    const bool too_large = lead == 0xf4 && at(1) >= 0x90;
    return overlong || too_large ? 0 : 4;
  }
  return 0;
}

bool is_plain(char c) { return c >= 0x20 && c < 0x7f && c != '"' && c != '\\'; }

// Eight characters at once.
using Eight = std::uint64_t;
constexpr Eight eight(std::uint8_t c) { return c * Eight(0x0101010101010101); }

// Not zero if one of them is below `bound`, which is at most 0x80.
constexpr Eight find_below(Eight characters, std::uint8_t bound) {
  return (characters - eight(bound)) & ~characters & eight(0x80);
}
constexpr Eight find(Eight characters, std::uint8_t c) {
  return find_below(characters ^ eight(c), 1);
}

// Whether is_plain holds of each.
constexpr bool all_plain(Eight characters) {
  const Eight special = (characters & eight(0x80)) | find_below(characters, 0x20) |
                        find(characters, 0x7f) | find(characters, '"') | find(characters, '\\');
  return special == 0;
}

// The length of the text's first run of plain characters: an envelope has thousands of them.
std::size_t plain_length(std::string_view text) {
  const auto plain_at = [&](std::size_t at) {
    Eight characters = 0;
    std::memcpy(&characters, text.data() + at, sizeof characters);
    return all_plain(characters);
  };
  std::size_t length = 0;
  while (text.size() - length >= sizeof(Eight) && plain_at(length)) length += sizeof(Eight);
  // The last few, together with some that were looked at before.
  const bool few = text.size() - length < sizeof(Eight) && text.size() >= sizeof(Eight);
  if (few && plain_at(text.size() - sizeof(Eight))) return text.size();
  while (length < text.size() && is_plain(text[length])) ++length;
  return length;
}

void append_escaped(std::string& out, std::string_view text) {
  out += '"';
  while (!text.empty()) {
    // Nearly all text is plain: it is taken in runs.
    const std::size_t run = plain_length(text);
    out.append(text.data(), run);
    text.remove_prefix(run);
    if (text.empty()) break;
    const char c = text.front();
    const std::size_t length = utf8_length(text);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (std::uint8_t(c) < 0x20 || c == 0x7f) {
      out += fmt::format("\\u{:04x}", std::uint8_t(c));
    } else if (length == 0) {
      out += replacement_character;
    } else {
      out += text.substr(0, length);
    }
    text.remove_prefix(length == 0 ? 1 : length);
  }
  out += '"';
}

}  // namespace

struct JsonDocument::Tree {
  json::value value;
};

JsonDocument::JsonDocument(std::unique_ptr<Tree> tree) : tree_(std::move(tree)) {}
JsonDocument::JsonDocument(JsonDocument&&) noexcept = default;
JsonDocument& JsonDocument::operator=(JsonDocument&&) noexcept = default;
JsonDocument::~JsonDocument() = default;

Result<JsonDocument> JsonDocument::parse(std::string_view text) {
  auto tree = std::make_unique<Tree>();
  if (text.empty()) {
    tree->value = json::object();
    return JsonDocument(std::move(tree));
  }
  json::parse_options options;
  options.max_depth = limits::json_depth_max;
  json::basic_parser<TreeHandler> parser(options);
  parser.handler().stack.reset();
  error_code error;
  const std::size_t read = parser.write_some(false, text.data(), text.size(), error);
  if (error || read != text.size()) {
    return malformed(error ? "The request body is not valid JSON: " + error.message() + "."
                           : "The request body has data after the JSON value.");
  }
  tree->value = parser.handler().stack.release();
  if (count_members(tree->value) != parser.handler().members) {
    return malformed("The request body has two members of the same name.");
  }
  return JsonDocument(std::move(tree));
}

JsonValue JsonDocument::root() const { return {&tree_->value, {}}; }

Error JsonValue::wrong_type(std::string_view expected) const {
  return malformed(path_.empty() ? fmt::format("The request body must be {}.", expected)
                                 : fmt::format("{} must be {}.", path_, expected));
}

Result<JsonObject> JsonValue::object() const {
  const auto* object = value_at(value_).if_object();
  if (object == nullptr) return wrong_type("an object");
  return JsonObject(object, path_);
}

Result<std::vector<JsonValue>> JsonValue::array() const {
  const auto* array = value_at(value_).if_array();
  if (array == nullptr) return wrong_type("an array");
  std::vector<JsonValue> elements;
  for (std::size_t i = 0; i < array->size(); ++i) {
    elements.push_back(JsonValue(&(*array)[i], fmt::format("{}[{}]", path_, i)));
  }
  return elements;
}

Result<std::string_view> JsonValue::text() const {
  const auto* text = value_at(value_).if_string();
  if (text == nullptr) return wrong_type("a string");
  return std::string_view(text->data(), text->size());
}

Result<std::int64_t> JsonValue::integer() const {
  const json::value& value = value_at(value_);
  if (const auto* integer = value.if_int64()) return *integer;
  // Below 2^53 no two integers share a double, so nothing was rounded on the way.
  if (const auto* number = value.if_double(); number != nullptr &&
                                              std::abs(*number) < 9007199254740992.0 &&
                                              *number == std::floor(*number)) {
    return std::int64_t(*number);
  }
  return wrong_type("an integer");
}

Result<double> JsonValue::number() const {
  error_code error;
  const double number = value_at(value_).to_number<double>(error);
  if (error || !std::isfinite(number)) return wrong_type("a number");
  return number;
}

Result<bool> JsonValue::boolean() const {
  const bool* boolean = value_at(value_).if_bool();
  if (boolean == nullptr) return wrong_type("a boolean");
  return *boolean;
}

bool JsonValue::is_text() const { return value_at(value_).is_string(); }
bool JsonValue::is_object() const { return value_at(value_).is_object(); }
bool JsonValue::is_array() const { return value_at(value_).is_array(); }

std::string JsonObject::path_of(std::string_view name) const {
  return path_.empty() ? std::string(name) : fmt::format("{}.{}", path_, name);
}

std::optional<JsonValue> JsonObject::find(std::string_view name) const {
  const json::value* value = object_at(object_).if_contains({name.data(), name.size()});
  if (value == nullptr || value->is_null()) return std::nullopt;
  return JsonValue(value, path_of(name));
}

Result<JsonValue> JsonObject::get(std::string_view name) const {
  if (auto value = find(name)) return *std::move(value);
  return invalid(fmt::format("{} is required.", path_of(name)));
}

Result<std::string_view> JsonObject::get_text(std::string_view name) const {
  TRY(auto value, get(name));
  return value.text();
}

Result<std::optional<std::string_view>> JsonObject::find_text(std::string_view name) const {
  const auto value = find(name);
  if (!value) return std::optional<std::string_view>();
  TRY(auto text, value->text());
  return std::optional(text);
}

Result<std::optional<std::int64_t>> JsonObject::find_integer(std::string_view name) const {
  const auto value = find(name);
  if (!value) return std::optional<std::int64_t>();
  TRY(auto integer, value->integer());
  return std::optional(integer);
}

Result<std::optional<bool>> JsonObject::find_boolean(std::string_view name) const {
  const auto value = find(name);
  if (!value) return std::optional<bool>();
  TRY(auto boolean, value->boolean());
  return std::optional(boolean);
}

Result<std::optional<JsonObject>> JsonObject::find_object(std::string_view name) const {
  const auto value = find(name);
  if (!value) return std::optional<JsonObject>();
  TRY(auto object, value->object());
  return std::optional(std::move(object));
}

Result<JsonObject> JsonObject::get_object(std::string_view name) const {
  TRY(auto value, get(name));
  return value.object();
}

std::vector<std::pair<std::string_view, JsonValue>> JsonObject::members() const {
  std::vector<std::pair<std::string_view, JsonValue>> members;
  for (const auto& member : object_at(object_)) {
    if (member.value().is_null()) continue;
    const std::string_view name(member.key().data(), member.key().size());
    members.emplace_back(name, JsonValue(&member.value(), path_of(name)));
  }
  return members;
}

void JsonWriter::separate() {
  if (!first_) out_ += ',';
  first_ = false;
}
JsonWriter& JsonWriter::begin_object() {
  separate();
  out_ += '{';
  first_ = true;
  return *this;
}
JsonWriter& JsonWriter::end_object() {
  out_ += '}';
  first_ = false;
  return *this;
}
JsonWriter& JsonWriter::begin_array() {
  separate();
  out_ += '[';
  first_ = true;
  return *this;
}
JsonWriter& JsonWriter::end_array() {
  out_ += ']';
  first_ = false;
  return *this;
}
JsonWriter& JsonWriter::name(std::string_view name) {
  separate();
  append_escaped(out_, name);
  out_ += ':';
  first_ = true;
  return *this;
}
JsonWriter& JsonWriter::text(std::string_view value) {
  separate();
  append_escaped(out_, value);
  return *this;
}
JsonWriter& JsonWriter::base64(ByteView bytes) {
  separate();
  out_ += '"';
  append_base64(out_, bytes);  // of which nothing is to be escaped
  out_ += '"';
  return *this;
}
JsonWriter& JsonWriter::integer(std::int64_t value) {
  separate();
  out_ += fmt::format("{}", value);
  return *this;
}
JsonWriter& JsonWriter::boolean(bool value) {
  separate();
  out_ += value ? "true" : "false";
  return *this;
}
JsonWriter& JsonWriter::raw(std::string_view json) {
  separate();
  out_ += json;
  return *this;
}

}  // namespace hallmark
