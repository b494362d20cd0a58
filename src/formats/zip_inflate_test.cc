#include "formats/zip_inflate.h"

#include <gtest/gtest.h>

#include "formats/test_reading.h"
#include "formats/test_zip.h"

namespace hallmark::formats::test {
namespace {

Bytes deflated_package(std::string body) {
  return build({.entries = {{.body = std::move(body), .method = zip::method_deflated}}});
}

TEST(Inflater, ExpandsEntriesThatCanBeHeldAndLargerOnes) {
  for (const std::size_t size :
       {std::size_t(0), std::size_t(1), std::size_t(inflated_whole_bytes_max),
        std::size_t(inflated_whole_bytes_max) + 1}) {
    std::string body(size, '\0');
    for (std::size_t i = 0; i < size; ++i) body[i] = char(i * i >> 7);
    const auto contents = read_all(deflated_package(body));
    ASSERT_TRUE(contents) << describe(contents.error());
    EXPECT_TRUE(contents->at(0).second == body) << size;
  }
}

// A stored block of 32 KiB, and a block of the fixed code with a match of three bytes whose
// distance has symbol 30, which RFC 1951 §3.2.6 says "will never actually occur".
TEST(Inflater, RefusesUndefinedSymbolsWhenItIsStrict) {
  constexpr std::size_t stored = 0x8000;
  TestEntry entry = {.body = std::string(stored + 3, 'x'), .method = zip::method_deflated};
  entry.data = Bytes{0x00, 0x00, 0x80, 0xFF, 0x7F};
  entry.data->resize(entry.data->size() + stored, 'x');
  append(*entry.data, Bytes{0x03, 0x3E, 0x00, 0x00, 0x00});
  const Bytes archive = build({.entries = {entry}});
  const auto contents = read_by(Inflating::strict, MemoryReadAt(archive));
  ASSERT_FALSE(contents);
  EXPECT_EQ(contents.error().message, "The entry \"a.txt\" holds a broken deflate stream.");
  EXPECT_TRUE(read_by(Inflating::quick, MemoryReadAt(archive))) << "then the header can say less";
}

}  // namespace
}  // namespace hallmark::formats::test
