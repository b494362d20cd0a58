#include "signing/digested_source.h"

#include <gtest/gtest.h>

#include "base/test_support.h"

namespace hallmark::signing {
namespace {

using test::error_of;
using test::expect_done;
using test::value_of;

// Counts what is read of it.
class CountedSource final : public ReadAt {
 public:
  explicit CountedSource(std::string_view text) : bytes_(bytes_of(text)) {}
  std::uint64_t size() const override { return bytes_.size(); }
  Result<void> read_at(std::uint64_t offset, MutableByteView into) const override {
    read += into.size();
    return bytes_.read_at(offset, into);
  }
  mutable std::uint64_t read = 0;

 private:
  MemoryReadAt bytes_;
};

constexpr std::string_view text = "entries|directory";
constexpr std::size_t entries_bytes = 8;

void read(const ReadAt& source, std::uint64_t offset, std::size_t count) {
  Bytes into(count);
  expect_done(source.read_at(offset, into));
}

std::unique_ptr<DigestedSource> opened(const ReadAt& source) {
  return value_of(DigestedSource::open(source, Digesting::by_reader));
}

// As a package is signed: its entries stay, the directory does not.
Artifact with_another_directory() {
  return {{SourceRange{0, entries_bytes}, copy_of(bytes_of("signature|more"))}};
}
crypto::Sha256 digest_of_that() { return crypto::sha256(bytes_of("entries|signature|more")); }

TEST(DigestedSource, TakesTheDigestOfWhatIsReadInOrder) {
  const CountedSource source(text);
  const auto digested = opened(source);
  read(*digested, 0, 5);
  read(*digested, 5, text.size() - 5);
  EXPECT_EQ(value_of(digested->sha256()), crypto::sha256(bytes_of(text)));
  EXPECT_EQ(source.read, text.size());
}

TEST(DigestedSource, ReadsWhatNobodyHasRead) {
  const CountedSource source(text);
  const auto digested = opened(source);
  EXPECT_EQ(value_of(digested->sha256()), crypto::sha256(bytes_of(text)));
  read(*digested, 0, 5);
  EXPECT_EQ(value_of(digested->sha256()), crypto::sha256(bytes_of(text)));
}

TEST(DigestedSource, IsNotConfusedByReadsOutOfOrder) {
  const CountedSource source(text);
  const auto digested = opened(source);
  read(*digested, 9, 8);  // the directory comes first
  read(*digested, 0, 4);
  read(*digested, 0, 2);  // again
  read(*digested, 2, 6);  // some of it again
  read(*digested, 10, 1);
  EXPECT_EQ(value_of(digested->sha256()), crypto::sha256(bytes_of(text)));
}

TEST(DigestedSource, DigestsAnArtifactWithoutReadingItsHeadAgain) {
  const CountedSource source(text);
  const auto digested = opened(source);
  read(*digested, 0, entries_bytes);
  EXPECT_EQ(value_of(digested->sha256_of(with_another_directory())), digest_of_that());
  EXPECT_EQ(source.read, entries_bytes);
}

TEST(DigestedSource, DigestsAnArtifactOfWhichLessHasBeenRead) {
  const CountedSource source(text);
  const auto digested = opened(source);
  read(*digested, 0, 3);
  EXPECT_EQ(value_of(digested->sha256_of(with_another_directory())), digest_of_that());
  EXPECT_EQ(source.read, entries_bytes);
}

TEST(DigestedSource, DigestsAnArtifactThatBeginsOtherwise) {
  const CountedSource source(text);
  const auto digested = opened(source);
  read(*digested, 0, text.size());
  EXPECT_EQ(value_of(digested->sha256_of(with_another_directory())), digest_of_that());
  EXPECT_EQ(value_of(digested->sha256_of({{copy_of(bytes_of("x")), SourceRange{0, 2}}})),
            crypto::sha256(bytes_of("xen")));
  EXPECT_EQ(value_of(digested->sha256_of({{SourceRange{2, 2}}})), crypto::sha256(bytes_of("tr")));
  EXPECT_EQ(value_of(digested->sha256_of({})), crypto::sha256({}));
}

TEST(DigestedSource, TellsTheSourcesError) {
  const CountedSource source(text);
  const auto digested = opened(source);
  Bytes into(text.size() + 1);
  EXPECT_EQ(error_of(digested->read_at(0, into)).kind, ErrorKind::corrupt);
  EXPECT_EQ(value_of(digested->sha256()), crypto::sha256(bytes_of(text)));
}

// A source that is large enough for a thread of its own.
const std::string& large_text() {
  static const std::string large = [] {
    std::string characters(relayed_bytes_min + 17, '\0');
    for (std::size_t i = 0; i < characters.size(); ++i) characters[i] = char(i ^ (i / 4099));
    return characters;
  }();
  return large;
}

TEST(DigestedSourceBeside, TakesTheSameDigest) {
  const CountedSource source(large_text());
  const auto digested = value_of(DigestedSource::open(source, Digesting::beside));
  read(*digested, large_text().size() - 9, 9);  // the directory comes first
  for (std::size_t at = 0, step = 1; at < large_text().size(); at += step, step = step * 3) {
    step = std::min(step, large_text().size() - at);
    read(*digested, at, step);
  }
  EXPECT_EQ(value_of(digested->sha256()), crypto::sha256(bytes_of(large_text())));
  EXPECT_EQ(source.read, large_text().size() + 9);
}

TEST(DigestedSourceBeside, GoesOnFromWhatHasBeenRead) {
  const CountedSource source(large_text());
  const auto digested = value_of(DigestedSource::open(source, Digesting::beside));
  read(*digested, 0, 100'000);
  const std::uint64_t head = large_text().size() - 9;
  EXPECT_EQ(value_of(digested->sha256_of({{SourceRange{0, head}, copy_of(bytes_of("other"))}})),
            crypto::sha256(bytes_of(large_text().substr(0, head) + "other")));
  EXPECT_EQ(source.read, head);
  EXPECT_EQ(value_of(digested->sha256()), crypto::sha256(bytes_of(large_text())));
}

TEST(DigestedSourceBeside, ReadsOnAfterTheDigestWasTaken) {
  const CountedSource source(large_text());
  const auto digested = value_of(DigestedSource::open(source, Digesting::beside));
  read(*digested, 0, 100'000);
  value_of(digested->sha256());
  read(*digested, 0, 200'000);
  EXPECT_EQ(value_of(digested->sha256()), crypto::sha256(bytes_of(large_text())));
}

TEST(DigestedSourceBeside, EndsWithoutTheDigest) {
  const CountedSource source(large_text());
  read(*value_of(DigestedSource::open(source, Digesting::beside)), 0, 1'000'000);
}

}  // namespace
}  // namespace hallmark::signing
