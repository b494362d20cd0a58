// JSON from outside, read strictly, and JSON of ours, written in a fixed order.
//
// Reading: a document is parsed once (depth, UTF-8 and duplicate members are checked), then its
// members are taken by name and type. Every error names the member by its path ("source.s3.key"):
// a wrong type is ErrorKind::malformed, a missing required member ErrorKind::invalid. A member that
// is null counts as absent; members that nobody asks for are ignored.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

namespace hallmark {

class JsonObject;

// A value inside a document; borrowed from it.
class JsonValue {
 public:
  Result<JsonObject> object() const;
  Result<std::vector<JsonValue>> array() const;
  Result<std::string_view> text() const;
  Result<std::int64_t> integer() const;  // 3 and 3.0, not 3.5
  Result<double> number() const;         // finite
  Result<bool> boolean() const;

  bool is_text() const;
  bool is_object() const;
  bool is_array() const;
  const std::string& path() const { return path_; }

 private:
  friend class JsonDocument;
  friend class JsonObject;
  JsonValue(const void* value, std::string path) : value_(value), path_(std::move(path)) {}
  Error wrong_type(std::string_view expected) const;

  const void* value_;  // boost::json::value, which only json.cc includes
  std::string path_;
};

class JsonObject {
 public:
  std::optional<JsonValue> find(std::string_view name) const;  // absent and null: nothing
  Result<JsonValue> get(std::string_view name) const;          // absent and null: invalid

  // The usual ways to take a member.
  Result<std::string_view> get_text(std::string_view name) const;
  Result<std::optional<std::string_view>> find_text(std::string_view name) const;
  Result<std::optional<std::int64_t>> find_integer(std::string_view name) const;
  Result<std::optional<bool>> find_boolean(std::string_view name) const;
  Result<std::optional<JsonObject>> find_object(std::string_view name) const;
  Result<JsonObject> get_object(std::string_view name) const;

  // All members in the order of the document; a null member is left out.
  std::vector<std::pair<std::string_view, JsonValue>> members() const;

 private:
  friend class JsonValue;
  JsonObject(const void* object, std::string path) : object_(object), path_(std::move(path)) {}
  std::string path_of(std::string_view name) const;

  const void* object_;  // boost::json::object
  std::string path_;
};

// Owns the parsed document. Movable; views stay valid.
class JsonDocument {
 public:
  // Malformed: not JSON (RFC 8259), not UTF-8, deeper than limits::json_depth_max, a duplicate
  // member, or anything after the value. Empty text counts as an empty object: the AWS clients send
  // no body where all members are optional.
  static Result<JsonDocument> parse(std::string_view text);

  JsonDocument(JsonDocument&&) noexcept;
  JsonDocument& operator=(JsonDocument&&) noexcept;
  ~JsonDocument();

  JsonValue root() const;

 private:
  struct Tree;
  explicit JsonDocument(std::unique_ptr<Tree> tree);
  std::unique_ptr<Tree> tree_;
};

// Writes one JSON text; calls nest as the text does: Object = begin_object (name Value)*
// end_object. Text is escaped; invalid UTF-8 is replaced by U+FFFD, so the output is always valid
// JSON.
class JsonWriter {
 public:
  JsonWriter() : JsonWriter(bytes_usual) {}
  explicit JsonWriter(std::size_t bytes_expected) { out_.reserve(bytes_expected); }

  JsonWriter& begin_object();
  JsonWriter& end_object();
  JsonWriter& begin_array();
  JsonWriter& end_array();
  JsonWriter& name(std::string_view name);
  JsonWriter& text(std::string_view value);
  JsonWriter& base64(ByteView bytes);  // as text
  JsonWriter& integer(std::int64_t value);
  JsonWriter& boolean(bool value);
  JsonWriter& raw(std::string_view json);  // trusted JSON, as it is

  // name + value.
  JsonWriter& member(std::string_view n, std::string_view v) { return name(n).text(v); }
  JsonWriter& member(std::string_view n, const std::string& v) { return name(n).text(v); }
  JsonWriter& member(std::string_view n, const char* v) { return name(n).text(v); }
  JsonWriter& member(std::string_view n, std::int64_t v) { return name(n).integer(v); }
  JsonWriter& member(std::string_view n, int v) { return name(n).integer(v); }
  JsonWriter& member(std::string_view n, bool v) { return name(n).boolean(v); }

  std::string take() { return std::move(out_); }

 private:
  static constexpr std::size_t bytes_usual = 512;  // of a text: most need no more room
  void separate();
  std::string out_;
  bool first_ = true;  // the next value or name needs no comma
};

}  // namespace hallmark
