#include "base/artifact.h"

#include <numeric>

#include <gtest/gtest.h>

#include "base/encoding.h"
#include "base/limits.h"

namespace hallmark {
namespace {

Bytes counted(std::size_t size) {
  Bytes bytes(size);
  std::iota(bytes.begin(), bytes.end(), std::uint8_t(0));
  return bytes;
}

Bytes written(const Artifact& artifact, const ReadAt& source) {
  MemorySink sink;
  EXPECT_TRUE(artifact.write_to(sink, source));
  return sink.bytes();
}

// Ranges of the source and base64 of others, with inserted bytes and empty pieces between them.
Artifact mixed() {
  return {{SourceRange{0, 10}, Bytes{}, Bytes{0xaa, 0xbb}, SourceRange{5, 0}, SourceRange{20, 7},
           Base64Range{30, 11}, Bytes{0xcc}, Base64Range{2, 3}}};
}

TEST(Artifact, IsAsLongAsItsPieces) {
  EXPECT_EQ(mixed().size(), 40U);
  EXPECT_EQ(Artifact().size(), 0U);
}

TEST(Artifact, WritesItsPiecesInOrder) {
  const Artifact artifact = {{SourceRange{1, 2}, Bytes{9}, SourceRange{0, 1}}};
  const Bytes source = {10, 11, 12};
  EXPECT_EQ(written(artifact, MemoryReadAt(source)), Bytes({11, 12, 9, 10}));
}

TEST(Artifact, WritesTheSameBytesAgain) {
  const Bytes source = counted(64);
  EXPECT_EQ(written(mixed(), MemoryReadAt(source)), written(mixed(), MemoryReadAt(source)));
}

TEST(Artifact, WritesBase64OfARange) {
  const Bytes source = copy_of(bytes_of("-foobar-"));
  // RFC 4648 §10.
  const std::string_view expected[] = {"",         "Zg==",     "Zm8=",    "Zm9v",
                                       "Zm9vYg==", "Zm9vYmE=", "Zm9vYmFy"};
  for (std::uint64_t length = 0; length <= 6; ++length) {
    const Artifact artifact = {{Base64Range{1, length}}};
    EXPECT_EQ(text_of(written(artifact, MemoryReadAt(source))), expected[length]);
    EXPECT_EQ(artifact.size(), expected[length].size());
  }
}

TEST(Artifact, WritesTheSameBase64HoweverLongItIs) {
  for (const std::size_t more : {0, 1, 2}) {
    const Bytes source = counted(limits::copy_buffer_bytes * 2 + more);
    const Artifact artifact = {{Base64Range{0, source.size()}}};
    const Bytes text = written(artifact, MemoryReadAt(source));
    EXPECT_EQ(text_of(text), to_base64(source));
    Bytes read(text.size());
    const MemoryReadAt reader(source);
    ASSERT_TRUE(ArtifactReadAt(artifact, reader).read_at(0, read));
    EXPECT_EQ(read, text);
  }
}

TEST(Artifact, Base64OfMoreThanTheSourceIsAnError) {
  const Bytes source = counted(8);
  MemorySink sink;
  const Artifact artifact = {{Base64Range{3, 6}}};
  EXPECT_FALSE(artifact.write_to(sink, MemoryReadAt(source)));
}

TEST(ArtifactReadAt, GivesTheWrittenBytesForEveryRange) {
  const Bytes source_bytes = counted(64);
  const MemoryReadAt source(source_bytes);
  const Artifact artifact = mixed();
  const Bytes whole = written(artifact, source);
  const ArtifactReadAt reader(artifact, source);
  ASSERT_EQ(reader.size(), whole.size());
  for (std::size_t from = 0; from <= whole.size(); ++from) {
    for (std::size_t length = 0; from + length <= whole.size(); ++length) {
      Bytes part(length);
      ASSERT_TRUE(reader.read_at(from, part));
      ASSERT_EQ(part, copy_of(ByteView(whole).subspan(from, length))) << from << "+" << length;
    }
  }
}

TEST(ArtifactReadAt, RefusesARangePastTheEnd) {
  const Bytes source_bytes = counted(64);
  const MemoryReadAt source(source_bytes);
  const Artifact artifact = mixed();
  const ArtifactReadAt reader(artifact, source);
  Bytes part(2);
  EXPECT_EQ(reader.read_at(39, part).error().kind, ErrorKind::corrupt);
  EXPECT_EQ(reader.read_at(UINT64_MAX, part).error().kind, ErrorKind::corrupt);
}

TEST(Artifact, FailsWhenTheSourceIsShorterThanItsRanges) {
  const Bytes short_bytes = counted(21);
  const MemoryReadAt source(short_bytes);
  const Artifact artifact = mixed();
  MemorySink sink;
  EXPECT_EQ(artifact.write_to(sink, source).error().kind, ErrorKind::corrupt);
  Bytes whole(artifact.size());
  EXPECT_EQ(ArtifactReadAt(artifact, source).read_at(0, whole).error().kind, ErrorKind::corrupt);
}

class FullSink final : public Sink {
 public:
  Result<void> write(ByteView) override { return internal_error("full"); }
};

TEST(Artifact, StopsAtASinkThatFails) {
  const Bytes source = counted(64);
  FullSink sink;
  EXPECT_EQ(mixed().write_to(sink, MemoryReadAt(source)).error().detail, "full");
}

TEST(CopyRange, CarriesMoreThanItsBuffer) {
  const Bytes source = counted(limits::copy_buffer_bytes * 2 + 3);
  MemorySink sink;
  ASSERT_TRUE(copy_range(MemoryReadAt(source), 1, source.size() - 1, sink));
  EXPECT_EQ(sink.bytes(), copy_of(ByteView(source).subspan(1)));
}

TEST(MemoryReadAt, RefusesARangePastTheEnd) {
  const Bytes bytes = counted(4);
  Bytes into(2);
  EXPECT_TRUE(MemoryReadAt(bytes).read_at(2, into));
  EXPECT_FALSE(MemoryReadAt(bytes).read_at(3, into));
  EXPECT_FALSE(MemoryReadAt(bytes).read_at(5, {}));
}

}  // namespace
}  // namespace hallmark
