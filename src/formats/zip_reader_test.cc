#include "formats/zip_reader.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "formats/test_reading.h"
#include "formats/test_zip.h"

namespace hallmark::formats::test {
namespace {

using namespace zip;

std::string reason(const Result<Contents>& contents) {
  return contents ? std::string() : contents.error().message;
}

Contents one(std::string name, std::string body) { return {{std::move(name), std::move(body)}}; }

// The one entry of an archive, read.
Contents read_one(const TestEntry& entry) {
  const auto contents = read_all(build({.entries = {entry}}));
  EXPECT_TRUE(contents) << reason(contents);
  return contents ? *contents : Contents();
}

TEST(ZipReader, ReadsNamesAndBodiesInTheOrderOfTheArchive) {
  const auto contents = read_all(build({.entries = {{.name = "z", .body = "1"},
                                                    {.name = "a/", .body = "", .attributes = 0},
                                                    {.name = "a/b", .body = "2", .method = 8}}}));
  ASSERT_TRUE(contents) << reason(contents);
  EXPECT_EQ(*contents, (Contents{{"z", "1"}, {"a/", ""}, {"a/b", "2"}}));
}

TEST(ZipReader, ReadsContentsLargerThanItsBuffers) {
  std::string body;
  for (std::uint32_t i = 0; body.size() < 1'000'000; ++i) body += std::to_string(i * 2654435761U);
  EXPECT_EQ(read_one({.body = body, .method = method_deflated}), one("a.txt", body));
  EXPECT_EQ(read_one({.body = body}), one("a.txt", body));
}

TEST(ZipReader, AcceptsAnEmptyFileStoredOrDeflated) {
  EXPECT_EQ(read_one({.body = ""}), one("a.txt", ""));
  EXPECT_EQ(read_one({.body = "", .method = method_deflated}), one("a.txt", ""));
}

TEST(ZipReader, AcceptsADeflatedFolder) {  // as old versions of jar write them
  EXPECT_EQ(read_one({.name = "d/", .body = "", .method = method_deflated, .attributes = 0}),
            one("d/", ""));
}

TEST(ZipReader, AcceptsAFolderOfAGroup) {  // setgid, as on volumes that several users share
  EXPECT_EQ(read_one({.name = "d/", .body = "", .attributes = 0042775U << 16}), one("d/", ""));
}

TEST(ZipReader, AcceptsDataDescriptorsWithAndWithoutSignature) {
  TestEntry entry = {.method = method_deflated, .flags = flag_descriptor};
  entry.descriptor = descriptor_of<std::uint32_t>(entry, descriptor_signature);
  EXPECT_EQ(read_one(entry), one("a.txt", "hello"));
  entry.descriptor = descriptor_of<std::uint32_t>(entry, {});
  EXPECT_EQ(read_one(entry), one("a.txt", "hello"));
}

TEST(ZipReader, AcceptsADataDescriptorAfterNothing) {  // as zip writes empty files into a pipe
  TestEntry entry = {.body = "", .flags = flag_descriptor};
  entry.descriptor = descriptor_of<std::uint32_t>(entry, descriptor_signature);
  EXPECT_EQ(read_one(entry), one("a.txt", ""));
}

TEST(ZipReader, AcceptsWideDataDescriptorsAfterALocalZip64Field) {
  TestEntry entry = {.method = method_deflated,
                     .flags = flag_descriptor,
                     .local_extra = zip64_field({0, 0}),
                     .local_size = saturated32,
                     .local_compressed_size = saturated32};
  entry.descriptor = descriptor_of<std::uint64_t>(entry, descriptor_signature);
  EXPECT_EQ(read_one(entry), one("a.txt", "hello"));
  entry.descriptor = descriptor_of<std::uint64_t>(entry, {});
  EXPECT_EQ(read_one(entry), one("a.txt", "hello"));
}

TEST(ZipReader, AcceptsADescriptorThatRepeatsTheLocalHeader) {
  TestEntry entry = {.flags = flag_descriptor,
                     .local_crc = crc_of("hello"),
                     .local_size = 5,
                     .local_compressed_size = 5};
  entry.descriptor = descriptor_of<std::uint32_t>(entry, descriptor_signature);
  EXPECT_EQ(read_one(entry), one("a.txt", "hello"));
}

TEST(ZipReader, AcceptsZip64SizesInBothHeaders) {
  EXPECT_EQ(read_one({.central_extra = zip64_field({5, 5}),
                      .local_extra = zip64_field({5, 5}),
                      .size = saturated32,
                      .compressed_size = saturated32,
                      .local_size = saturated32,
                      .local_compressed_size = saturated32}),
            one("a.txt", "hello"));
}

TEST(ZipReader, AcceptsAZip64Offset) {
  EXPECT_EQ(read_one({.central_extra = zip64_field({0}), .offset = saturated32}),
            one("a.txt", "hello"));
}

TEST(ZipReader, AcceptsAUnicodePathThatIsTheName) {
  const Bytes path = unicode_path(1, crc_of("a.txt"), "a.txt");
  EXPECT_EQ(read_one({.central_extra = path, .local_extra = path}), one("a.txt", "hello"));
}

TEST(ZipReader, AcceptsExtraFieldsThatDiffer) {
  EXPECT_EQ(read_one({.central_extra = extra_field(0x5455, Bytes(5)),
                      .local_extra = extra_field(0x5455, Bytes(9))}),
            one("a.txt", "hello"));
}

TEST(ZipReader, AcceptsACommentWithAnythingButAnEndSignature) {
  EXPECT_TRUE(read_all(build({.entries = {TestEntry{}}, .comment = "PK\1\2 and PK\3\4"})));
  EXPECT_TRUE(read_all(build({.entries = {TestEntry{}}, .comment = std::string(65535, 'c')})));
}

TEST(ZipReader, AcceptsAStoredArchiveWithinTheArchive) {
  const Bytes inner = build({.entries = {TestEntry{}}});
  const std::string body(text_of(inner));
  EXPECT_EQ(read_one({.name = "inner.zip", .body = body}), one("inner.zip", body));
}

TEST(ZipReader, AcceptsNamesBeyondAsciiOfAUnixOrMarkedAsUtf8) {
  EXPECT_TRUE(read_all(build({.entries = {{.name = "é"}}})));
  EXPECT_TRUE(read_all(build({.entries = {{.name = "é", .made_by = 0x1314}}})));  // macOS
  EXPECT_TRUE(read_all(build({.entries = {{.name = "é", .flags = flag_utf8, .made_by = 0x0014}}})));
}

TEST(ZipReader, AcceptsLinksThatStayInTheTree) {
  for (const std::string target : {"b", "./b", "../c", "../c/d", ".", "..", "c//d/"}) {
    EXPECT_EQ(read_one({.name = "d/l", .body = target, .attributes = 0120777U << 16}),
              one("d/l", target));
  }
}

TEST(ZipReader, AcceptsNamesThatOnlyLookAlike) {
  const auto contents = read_all(build({.entries = {{.name = "a"},
                                                    {.name = "A"},
                                                    {.name = "a!"},
                                                    {.name = "a.b/c"},
                                                    {.name = "ab/", .body = "", .attributes = 0},
                                                    {.name = "ab/c"},
                                                    {.name = "...x"}}}));
  EXPECT_TRUE(contents) << reason(contents);
}

TEST(ZipReader, AcceptsOneThousandToOneAndNoMore) {
  TestZip zip = {.entries = {{.body = std::string(2 * limits::mebibyte, 'x'), .method = 8}}};
  const Bytes archive = build(zip);
  auto directory = read_zip_directory(MemoryReadAt(archive));
  ASSERT_TRUE(directory);
  directory->entries[0].compressed_size = 2000;
  directory->entries[0].size = 2'000'000;
  EXPECT_TRUE(check_zip_size(*directory, test_bytes_max));
  directory->entries[0].size = 2'000'001;
  EXPECT_FALSE(check_zip_size(*directory, test_bytes_max));
}

TEST(ZipReader, CountsTheLimitInExpandedBytesOfAllEntries) {
  const Bytes archive = build({.entries = {{.name = "a"}, {.name = "b"}}});
  const auto directory = read_zip_directory(MemoryReadAt(archive));
  ASSERT_TRUE(directory);
  EXPECT_TRUE(check_zip_size(*directory, 10));
  EXPECT_EQ(check_zip_size(*directory, 9).error().message,
            "The package expands to more than the limit of 9 bytes.");
}

// Fails at the first read beyond a place.
class BrokenReadAt final : public ReadAt {
 public:
  BrokenReadAt(ByteView bytes, std::uint64_t broken_at) : whole_(bytes), broken_at_(broken_at) {}
  std::uint64_t size() const override { return whole_.size(); }
  Result<void> read_at(std::uint64_t offset, MutableByteView into) const override {
    if (offset < broken_at_) return unavailable("the disk is gone");
    return whole_.read_at(offset, into);
  }

 private:
  MemoryReadAt whole_;
  std::uint64_t broken_at_;
};

TEST(ZipReader, PassesOnTheErrorsOfTheSource) {
  const Bytes archive = build({.entries = {{.body = std::string(100'000, 'x')}}});
  const BrokenReadAt no_content(archive, 100);
  EXPECT_EQ(read_all(no_content).error().kind, ErrorKind::unavailable);
  const BrokenReadAt nothing(archive, archive.size());
  EXPECT_EQ(read_all(nothing).error().kind, ErrorKind::unavailable);
}

// A stored entry of zeros, far larger than what may be held, made as it is read.
class VastReadAt final : public ReadAt {
 public:
  explicit VastReadAt(std::uint32_t content_bytes) : content_bytes_(content_bytes) {
    std::uint32_t crc = 0;
    const Bytes block(limits::mebibyte);
    for (std::uint32_t done = 0; done < content_bytes; done += std::uint32_t(block.size())) {
      crc = std::uint32_t(::crc32_z(crc, block.data(), block.size()));
    }
    TestEntry entry = {.body = "",
                       .crc = crc,
                       .size = content_bytes,
                       .compressed_size = content_bytes,
                       .local_crc = crc,
                       .local_size = content_bytes,
                       .local_compressed_size = content_bytes};
    append_test_local(head_, entry);
    Bytes whole = build(
        {.entries = {entry}, .directory_offset = std::uint32_t(head_.size()) + content_bytes});
    tail_.assign(whole.begin() + std::ptrdiff_t(head_.size()), whole.end());
  }
  std::uint64_t size() const override { return tail_offset() + tail_.size(); }
  Result<void> read_at(std::uint64_t offset, MutableByteView into) const override {
    largest_read_ = std::max(largest_read_, into.size());
    bytes_read_ += into.size();
    const bool is_within = offset >= head_.size() && offset + into.size() <= tail_offset();
    if (is_within) {
      std::ranges::fill(into, std::uint8_t(0));
    } else {
      for (std::uint8_t& byte : into) byte = at(offset++);
    }
    return {};
  }
  std::size_t largest_read() const { return largest_read_; }
  std::uint64_t bytes_read() const { return bytes_read_; }

 private:
  std::uint8_t at(std::uint64_t offset) const {
    if (offset < head_.size()) return head_[offset];
    return offset < tail_offset() ? 0 : tail_[offset - tail_offset()];
  }
  std::uint64_t tail_offset() const { return head_.size() + content_bytes_; }

  std::uint32_t content_bytes_;
  Bytes head_;
  Bytes tail_;
  mutable std::size_t largest_read_ = 0;
  mutable std::uint64_t bytes_read_ = 0;
};

class Counter final : public ZipVisitor {
 public:
  Result<void> begin(const ZipEntry&) override { return {}; }
  Result<void> content(ByteView bytes) override {
    total += bytes.size();
    largest = std::max(largest, bytes.size());
    return {};
  }
  std::uint64_t total = 0;
  std::size_t largest = 0;
};

TEST(ZipReader, ReadsOnceAndHoldsLittleHoweverLargeThePackage) {
  constexpr std::uint32_t content_bytes = 200 * limits::mebibyte;
  const VastReadAt source(content_bytes);
  const auto directory = read_zip_directory(source);
  ASSERT_TRUE(directory);
  Counter counter;
  ASSERT_TRUE(read_zip_content({*directory, source}, counter));
  EXPECT_EQ(counter.total, content_bytes);
  EXPECT_LE(counter.largest, limits::copy_buffer_bytes);
  EXPECT_LE(source.largest_read(), limits::copy_buffer_bytes);
  EXPECT_LE(source.bytes_read(), source.size() + 70'000);  // the search for the end comes on top
}

}  // namespace
}  // namespace hallmark::formats::test
