#include "formats/zip_writer.h"

#include <gtest/gtest.h>

#include "formats/test_reading.h"
#include "formats/test_zip.h"

namespace hallmark::formats::test {
namespace {

using namespace zip;

const Timestamp when = from_unix_seconds(1'795'338'487);  // 2026-11-22T09:08:07Z

Bytes written(const Artifact& artifact, const ReadAt& source) {
  MemorySink sink;
  EXPECT_TRUE(artifact.write_to(sink, source));
  return sink.bytes();
}

Bytes appended(const Bytes& archive, const std::vector<NewZipEntry>& added) {
  const MemoryReadAt source(archive);
  const auto directory = read_zip_directory(source);
  EXPECT_TRUE(directory);
  return written(append_to_zip(*directory, added), source);
}

const std::vector<NewZipEntry>& two() {
  static const std::vector<NewZipEntry> entries = {
      {.name = "new/", .content = {}, .modified = when, .permissions = 0755},
      {.name = "new/file", .content = copy_of(bytes_of("content")), .modified = when}};
  return entries;
}

TEST(ZipWriter, AppendsEntriesThatTheReaderAccepts) {
  const auto contents = read_all(appended(build({.entries = {TestEntry{}}}), two()));
  ASSERT_TRUE(contents) << contents.error().message;
  EXPECT_EQ(*contents, (Contents{{"a.txt", "hello"}, {"new/", ""}, {"new/file", "content"}}));
}

TEST(ZipWriter, LeavesEverythingBeforeTheDirectoryAsItIs) {
  TestEntry described = {.flags = flag_descriptor, .local_extra = extra_field(7, Bytes(3))};
  described.descriptor = descriptor_of<std::uint32_t>(described, {});
  const Bytes archive = build({.entries = {described}, .comment = "kept"});
  const auto directory = read_zip_directory(MemoryReadAt(archive));
  ASSERT_TRUE(directory);
  const Bytes result = appended(archive, two());
  EXPECT_TRUE(std::equal(archive.begin(), archive.begin() + std::ptrdiff_t(directory->offset),
                         result.begin()));
  EXPECT_TRUE(text_of(result).ends_with(std::string("\4\0kept", 6)));
}

TEST(ZipWriter, KeepsTheOldHeadersOfTheDirectory) {
  const Bytes archive = build({.entries = {TestEntry{}, TestEntry{.name = "b"}}});
  const auto before = read_zip_directory(MemoryReadAt(archive));
  const Bytes result = appended(archive, two());
  const auto after = read_zip_directory(MemoryReadAt(result));
  ASSERT_TRUE(before && after);
  EXPECT_TRUE(text_of(after->bytes).starts_with(text_of(before->bytes)));
}

TEST(ZipWriter, SplitsContentsLongerThanADeflateBlock) {
  for (const std::size_t size : {0U, 1U, 0xFFFFU, 0x10000U, 200'000U}) {
    const std::string body(size, 'x');
    const Bytes result =
        appended(build({.entries = {TestEntry{}}}),
                 {{.name = "big", .content = copy_of(bytes_of(body)), .modified = when}});
    const auto contents = read_all(result);
    ASSERT_TRUE(contents) << contents.error().message;
    EXPECT_EQ(contents->back().second, body);
  }
}

// The source has the largest count that needs no ZIP64, and the count that means "see ZIP64".
TEST(ZipWriter, WritesZip64RecordsForManyEntries) {
  TestZip zip;
  for (int i = 0; i < 65'535; ++i) zip.entries.push_back({.name = std::to_string(i), .body = ""});
  const Bytes result = appended(build(zip), two());
  EXPECT_EQ(number_at<std::uint16_t>(result, result.size() - end_bytes + 10), saturated16);
  const auto directory = read_zip_directory(MemoryReadAt(result));
  ASSERT_TRUE(directory) << directory.error().message;
  EXPECT_EQ(directory->entries.size(), 65'537U);
}

// The bytes of an entry 5 GiB into an archive, as they would be written.
TEST(ZipWriter, WritesZip64OffsetsBeyondFourGibibytes) {
  constexpr std::uint64_t far = 5'000'000'000;
  ZipDirectory directory;
  directory.offset = far;
  directory.entries.emplace_back();
  const std::vector<NewZipEntry> added = {{.name = "x/", .content = {}, .modified = when}};
  const Artifact artifact = append_to_zip(directory, added);
  const Bytes& tail = std::get<Bytes>(artifact.pieces[3]);
  EXPECT_EQ(number_at<std::uint32_t>(tail, 42), saturated32);
  const Bytes field = zip64_field({far});
  EXPECT_TRUE(std::equal(field.begin(), field.end(), tail.begin() + central_bytes + 2));
  const ByteView records = ByteView(tail).subspan(central_bytes + 2 + field.size());
  EXPECT_EQ(number_at<std::uint32_t>(records, 0), zip64_end_signature);
  EXPECT_EQ(number_at<std::uint64_t>(records, 32), 2U);
  EXPECT_EQ(number_at<std::uint64_t>(records, 48), far + local_bytes + 2);
}

TEST(ZipWriter, WritesTheTimeAndTheModeForOthersToRead) {
  if (!has_tool("python3")) GTEST_SKIP() << "NOT TESTED: python3 is missing";
  const TemporaryFolder folder;
  save(folder.path() / "x.zip", appended(build({.entries = {TestEntry{}}}), two()));
  const Ran ran = run(folder.path(),
                      "python3 -c \"import zipfile\n"
                      "for i in zipfile.ZipFile('x.zip').infolist()[1:]: "
                      "print(i.filename, i.date_time, oct(i.external_attr >> 16), i.is_dir())\"");
  EXPECT_EQ(ran.output,
            "new/ (2026, 11, 22, 9, 8, 6) 0o40755 True\n"
            "new/file (2026, 11, 22, 9, 8, 6) 0o100644 False\n");
}

TEST(ZipWriter, MovesTimesThatTheFormatCannotHold) {
  for (const std::int64_t seconds : {0LL, 5'000'000'000LL}) {
    const std::vector<NewZipEntry> added = {
        {.name = "x", .content = {}, .modified = from_unix_seconds(seconds)}};
    const Bytes result = appended(build({.entries = {TestEntry{}}}), added);
    const auto directory = read_zip_directory(MemoryReadAt(result));
    ASSERT_TRUE(directory);
    const auto date =
        number_at<std::uint16_t>(result, std::size_t(directory->entries[1].offset) + 12);
    EXPECT_EQ(date, seconds == 0 ? 0x21 : 0xFF9F);  // 1980-01-01, 2107-12-31
  }
}

}  // namespace
}  // namespace hallmark::formats::test
