#include "base/json.h"

#include <cmath>
#include <optional>

#include <gtest/gtest.h>

#include "base/limits.h"

namespace hallmark {
namespace {

std::string nested(std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); }

// The error of reading `text`.
Error error_of(std::string_view text) {
  const auto document = JsonDocument::parse(text);
  EXPECT_FALSE(document) << text;
  return document ? Error() : document.error();
}

// The kind of a failure; nothing of a success.
template <class T>
std::optional<ErrorKind> kind_of(const Result<T>& result) {
  return result ? std::nullopt : std::optional(result.error().kind);
}

class Parsed {
 public:
  explicit Parsed(std::string_view text) : document_(JsonDocument::parse(text)) {
    EXPECT_TRUE(document_) << text;
  }
  JsonObject object() const { return *document_->root().object(); }
  JsonValue root() const { return document_->root(); }

 private:
  Result<JsonDocument> document_;
};

TEST(JsonDocument, ReadsEveryTypeOfValue) {
  const Parsed parsed(R"({"t":"x","i":-3,"n":1.5,"b":true,"o":{},"a":[1,2]})");
  EXPECT_EQ(*parsed.object().get_text("t"), "x");
  EXPECT_EQ(*parsed.object().get("i")->integer(), -3);
  EXPECT_EQ(*parsed.object().get("n")->number(), 1.5);
  EXPECT_EQ(*parsed.object().get("b")->boolean(), true);
  EXPECT_TRUE(parsed.object().get("o")->is_object());
  EXPECT_EQ(parsed.object().get("a")->array()->size(), 2U);
}

TEST(JsonDocument, CountsEmptyTextAsAnEmptyObject) {
  EXPECT_TRUE(Parsed("").object().members().empty());
}

TEST(JsonDocument, StaysReadableThroughItsViewsAfterAMove) {
  auto document = JsonDocument::parse(R"({"key":"value"})");
  ASSERT_TRUE(document);
  const JsonObject object = *document->root().object();
  const JsonDocument moved = *std::move(document);
  EXPECT_EQ(*object.get_text("key"), "value");
}

class NotJson : public testing::TestWithParam<const char*> {};

TEST_P(NotJson, IsMalformed) { EXPECT_EQ(error_of(GetParam()).kind, ErrorKind::malformed); }

INSTANTIATE_TEST_SUITE_P(Json, NotJson,
                         testing::Values(" ", "{", "}", "{]", "{\"a\":}", "{\"a\":1,}", "[1,]",
                                         "{a:1}", "{'a':1}", "nul", "NaN", "Infinity", "01", "1.",
                                         "+1", "0x10", "\"tab\there\"", "\"\\x\"", "{} {}", "{}x",
                                         "{}\n{}", "// comment\n{}", "\xEF\xBB\xBF{}"));

INSTANTIATE_TEST_SUITE_P(InvalidUtf8, NotJson,
                         testing::Values("\"\xff\"", "\"\xc0\xaf\"", "\"\xc3\"", "\"\xed\xa0\x80\"",
                                         "\"\xf4\x90\x80\x80\"", "{\"\xff\":1}"));

INSTANTIATE_TEST_SUITE_P(LoneSurrogates, NotJson,
                         testing::Values(R"("\ud800")", R"("\udc00")", R"("\ud800\u0041")",
                                         R"("\udc00\ud800")"));

TEST(JsonDocument, TakesASurrogatePair) {
  EXPECT_EQ(*Parsed(R"("\ud83d\ude00")").root().text(), "\xF0\x9F\x98\x80");
}

TEST(JsonDocument, KeepsANulCharacterInsideText) {
  EXPECT_EQ(*Parsed(R"("a\u0000b")").root().text(), std::string_view("a\0b", 3));
}

TEST(JsonDocument, IsReadToTheDepthLimitAndNoDeeper) {
  EXPECT_TRUE(JsonDocument::parse(nested(limits::json_depth_max)));
  EXPECT_EQ(error_of(nested(limits::json_depth_max + 1)).kind, ErrorKind::malformed);
  EXPECT_EQ(error_of(std::string(100'000, '[')).kind, ErrorKind::malformed);
}

TEST(JsonDocument, RefusesDuplicateMembersAtAnyDepth) {
  for (const char* text :
       {R"({"a":1,"a":1})", R"({"a":1,"b":2,"\u0061":3})", R"({"o":{"x":1,"x":2}})",
        R"([{"x":1},{"x":1,"x":1}])", R"({"a":{"b":1,"c":2},"a":{}})", R"({"a":null,"a":1})"}) {
    EXPECT_EQ(error_of(text).kind, ErrorKind::malformed) << text;
  }
}

TEST(JsonDocument, TakesTheSameNameInDifferentObjects) {
  EXPECT_TRUE(JsonDocument::parse(R"({"a":{"a":{"a":1}},"b":[{"a":1},{"a":1}]})"));
}

TEST(JsonObject, CountsANullMemberAsAbsent) {
  const Parsed parsed(R"({"a":null,"b":1})");
  EXPECT_FALSE(parsed.object().find("a"));
  EXPECT_FALSE(parsed.object().get("a"));
  EXPECT_FALSE(parsed.object().find_text("a")->has_value());
  EXPECT_FALSE(parsed.object().find_object("a")->has_value());
  ASSERT_EQ(parsed.object().members().size(), 1U);
  EXPECT_EQ(parsed.object().members()[0].first, "b");
}

TEST(JsonObject, ListsItsMembersInTheOrderOfTheDocument) {
  std::string names;
  const Parsed parsed(R"({"z":1,"a":2,"m":3})");
  for (const auto& [name, value] : parsed.object().members()) names += name;
  EXPECT_EQ(names, "zam");
}

TEST(JsonObject, NamesARequiredMemberByItsPath) {
  const Parsed parsed(R"({"source":{"s3":{}}})");
  const auto key = parsed.object().get_object("source")->get_object("s3")->get_text("key");
  ASSERT_FALSE(key);
  EXPECT_EQ(key.error().kind, ErrorKind::invalid);
  EXPECT_EQ(key.error().message, "source.s3.key is required.");
}

TEST(JsonObject, NamesAMemberOfAWrongTypeByItsPath) {
  const Parsed parsed(R"({"list":["a",{"b":true}]})");
  const auto list = parsed.object().get("list")->array();
  const auto wrong = (*list)[1].object()->get_text("b");
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().kind, ErrorKind::malformed);
  EXPECT_EQ(wrong.error().message, "list[1].b must be a string.");
}

TEST(JsonObject, SaysWhenTheWholeBodyHasAWrongType) {
  const auto object = Parsed("[]").root().object();
  ASSERT_FALSE(object);
  EXPECT_EQ(object.error().message, "The request body must be an object.");
}

TEST(JsonObject, ReportsAWrongTypeAlsoOfAnOptionalMember) {
  const Parsed parsed(R"({"t":1,"i":"1","b":"true","o":[]})");
  EXPECT_EQ(kind_of(parsed.object().find_text("t")), ErrorKind::malformed);
  EXPECT_EQ(kind_of(parsed.object().find_integer("i")), ErrorKind::malformed);
  EXPECT_EQ(kind_of(parsed.object().find_boolean("b")), ErrorKind::malformed);
  EXPECT_EQ(kind_of(parsed.object().find_object("o")), ErrorKind::malformed);
}

TEST(JsonNumber, IsAnIntegerAlsoWhenWrittenWithAFraction) {
  EXPECT_EQ(*Parsed("3.0").root().integer(), 3);
  EXPECT_EQ(*Parsed("1e2").root().integer(), 100);
  EXPECT_FALSE(Parsed("3.5").root().integer());
}

TEST(JsonNumber, HoldsTheWholeRangeOfAnInteger) {
  EXPECT_EQ(*Parsed("9223372036854775807").root().integer(), INT64_MAX);
  EXPECT_EQ(*Parsed("-9223372036854775808").root().integer(), INT64_MIN);
}

TEST(JsonNumber, RefusesIntegersBeyondTheRange) {
  for (const char* text : {"9223372036854775808", "18446744073709551615", "18446744073709551616",
                           "-9223372036854775809", "1e19", "9007199254740993.5",
                           "99999999999999999999999999999999999999"}) {
    EXPECT_EQ(kind_of(Parsed(text).root().integer()), ErrorKind::malformed) << text;
  }
}

TEST(JsonNumber, RefusesWhatOverflowsToInfinity) {
  EXPECT_EQ(kind_of(Parsed("1e400").root().number()), ErrorKind::malformed);
  EXPECT_EQ(kind_of(Parsed("-1e400").root().integer()), ErrorKind::malformed);
}

TEST(JsonNumber, TakesIntegersOfEverySizeAsNumbers) {
  EXPECT_EQ(*Parsed("3").root().number(), 3.0);
  EXPECT_EQ(*Parsed("18446744073709551615").root().number(), std::ldexp(1.0, 64));
}

TEST(JsonWriter, SeparatesMembersAndElements) {
  JsonWriter json;
  json.begin_object().member("t", "x").member("n", 1).name("a").begin_array();
  json.integer(1).begin_object().end_object().begin_array().end_array().text("y").end_array();
  json.name("o").begin_object().member("b", true).end_object().member("last", false).end_object();
  EXPECT_EQ(json.take(), R"({"t":"x","n":1,"a":[1,{},[],"y"],"o":{"b":true},"last":false})");
}

TEST(JsonWriter, EscapesQuotesBackslashesAndControls) {
  JsonWriter json;
  json.text(std::string_view("\"\\/\n\r\0\x1f\x7f", 8));
  EXPECT_EQ(json.take(), R"("\"\\/\u000a\u000d\u0000\u001f\u007f")");
}

TEST(JsonWriter, EscapesWhereverInTheTextItIs) {
  for (std::size_t length = 1; length < 40; ++length) {
    for (std::size_t at = 0; at < length; ++at) {
      std::string text(length, 'x');
      text[at] = '\n';
      JsonWriter json;
      json.text(text);
      EXPECT_EQ(json.take(), "\"" + text.substr(0, at) + "\\u000a" + text.substr(at + 1) + "\"");
    }
  }
}

TEST(JsonWriter, WritesBase64AsText) {
  JsonWriter json(100);
  json.begin_object().name("a").base64(bytes_of("foob")).name("b").base64({}).end_object();
  EXPECT_EQ(json.take(), R"({"a":"Zm9vYg==","b":""})");
}

TEST(JsonWriter, EscapesMemberNamesToo) {
  JsonWriter json;
  json.begin_object().member("a\"b", 1).end_object();
  EXPECT_EQ(json.take(), R"({"a\"b":1})");
}

TEST(JsonWriter, KeepsValidUtf8) {
  JsonWriter json;
  json.text("\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80");
  EXPECT_EQ(json.take(), "\"\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80\"");
}

TEST(JsonWriter, ReplacesEachInvalidByte) {
  const std::string_view replaced = "\xEF\xBF\xBD";
  const auto written = [](std::string_view text) {
    JsonWriter json;
    json.text(text);
    return json.take();
  };
  EXPECT_EQ(written("a\xff"), "\"a" + std::string(replaced) + "\"");
  EXPECT_EQ(written("\xC3"), "\"" + std::string(replaced) + "\"");
  for (const char* text :
       {"\xc0\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xf8\x88\x80\x80\x80"}) {
    EXPECT_TRUE(JsonDocument::parse(written(text))) << text;
  }
}

TEST(JsonWriter, IsReadBackByTheReader) {
  std::string all;
  for (unsigned c = 0; c < 256; ++c) all += char(c);
  JsonWriter json;
  json.begin_object().member(all, all).member("i", std::int64_t(INT64_MIN)).end_object();
  const std::string text = json.take();
  EXPECT_EQ(*Parsed(text).object().get("i")->integer(), INT64_MIN);
}

// Plain text is taken eight characters at once.
TEST(JsonWriter, EscapesEachAsciiCharacterWhereverItStands) {
  const auto written = [](std::string_view text) {
    JsonWriter json;
    json.text(text);
    return json.take();
  };
  for (int c = 0; c < 128; ++c) {
    const std::string alone = written(std::string(1, char(c)));
    const bool is_escaped = c < 0x20 || c == 0x7f || c == '"' || c == '\\';
    EXPECT_EQ(alone.size() > 3, is_escaped) << c;
    for (std::size_t place = 0; place < 20; ++place) {
      std::string text(20, '~');
      text[place] = char(c);
      std::string expected = "\"" + std::string(20, '~') + "\"";
      expected.replace(place + 1, 1, alone.substr(1, alone.size() - 2));
      EXPECT_EQ(written(text), expected) << c << " at " << place;
    }
  }
}

TEST(JsonWriter, WritesTrustedJsonAsItIs) {
  JsonWriter json;
  json.begin_array().raw("{\"a\":1}").raw("2").end_array();
  EXPECT_EQ(json.take(), R"([{"a":1},2])");
}

}  // namespace
}  // namespace hallmark
