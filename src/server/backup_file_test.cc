#include "server/backup_file.h"

#include <gtest/gtest.h>

#include "crypto/random.h"
#include "server/backup_entries.h"
#include "server/test_installation.h"

namespace hallmark::server {
namespace {

using hallmark::test::error_of;
using hallmark::test::expect_done;
using test::master_key;
using test::value_of;

class BackupFile : public testing::Test {
 protected:
  Bytes written(ByteView content) {
    MemorySink sink;
    const auto writer = value_of(BackupWriter::begin(sink, facts_, custody_.master_key(), random_));
    expect_done(writer->write(content));
    expect_done(writer->finish());
    return sink.bytes();
  }
  // All `bytes` of the stream, and its end.
  Result<Bytes> read(ByteView file, std::size_t bytes) {
    const MemoryReadAt source(file);
    TRY(const auto reader, BackupReader::open(source, custody_.master_key()));
    Bytes content(bytes);
    TRY(reader->read(content));
    TRY(reader->expect_end());
    return content;
  }
  static Bytes sample(std::size_t bytes) {
    Bytes content(bytes);
    for (std::size_t i = 0; i < bytes; ++i) content[i] = std::uint8_t(i * 31 + i / 256);
    return content;
  }

  crypto::SystemRandom random_;
  keys::Custody custody_{master_key()};
  const BackupFacts facts_{.time = value_of(from_rfc3339("2026-11-22T23:10:58Z")),
                           .version = "1.0",
                           .account = "111122223333",
                           .head = {.place = 42, .link = {7}}};
};

TEST_F(BackupFile, GivesBackWhatWasWrittenAtEveryLengthAroundAChunk) {
  for (const std::size_t bytes :
       {std::size_t(1), backup_chunk_bytes - 1, backup_chunk_bytes, backup_chunk_bytes + 1,
        2 * backup_chunk_bytes, 2 * backup_chunk_bytes + 5}) {
    const Bytes content = sample(bytes);
    EXPECT_EQ(value_of(read(written(content), bytes)), content) << bytes;
  }
}

TEST_F(BackupFile, ItsHeaderIsForPeople) {
  const Bytes file = written(sample(3));
  const std::string_view text = text_of(file);
  EXPECT_TRUE(text.starts_with("hallmark-backup 1\ntime = 2026-11-22T23:10:58Z\nversion = 1.0\n"));
  const MemoryReadAt source(file);
  const auto reader = value_of(BackupReader::open(source, custody_.master_key()));
  EXPECT_EQ(reader->facts().head, facts_.head);
  EXPECT_EQ(reader->facts().account, "111122223333");
}

TEST_F(BackupFile, ShowsNothingOfItsContent) {
  const std::string canary = "a canary that nobody may read";
  EXPECT_EQ(text_of(written(bytes_of(canary))).find("canary"), std::string_view::npos);
}

TEST_F(BackupFile, AnotherMasterKeyIsToldFromDamage) {
  const Bytes file = written(sample(3));
  const MemoryReadAt source(file);
  const keys::Custody other{master_key(9)};
  const Error error = error_of(BackupReader::open(source, other.master_key()));
  EXPECT_EQ(error.kind, ErrorKind::invalid);
  EXPECT_NE(error.message.find(custody_.master_key().fingerprint()), std::string::npos);
}

TEST_F(BackupFile, AFlippedBitAnywhereIsNoticed) {
  const Bytes file = written(sample(200));
  for (std::size_t at = 0; at < file.size(); ++at) {
    Bytes flipped = file;
    flipped[at] ^= 1;
    EXPECT_FALSE(read(flipped, 200)) << at;
  }
}

TEST_F(BackupFile, ACutAnywhereIsNoticed) {
  const Bytes file = written(sample(200));
  for (std::size_t bytes = 0; bytes < file.size(); ++bytes) {
    EXPECT_FALSE(read(ByteView(file).first(bytes), 200)) << bytes;
  }
}

TEST_F(BackupFile, ALostLastChunkIsNoticedWhereItBegins) {
  const Bytes file = written(sample(backup_chunk_bytes + 100));
  const std::size_t last_sealed = 100 + 28;
  const auto cut = ByteView(file).first(file.size() - last_sealed);
  EXPECT_EQ(error_of(read(cut, backup_chunk_bytes)).kind, ErrorKind::corrupt);
}

TEST_F(BackupFile, ChunksCannotChangePlaces) {
  Bytes file = written(sample(3 * backup_chunk_bytes));
  const std::size_t sealed = backup_chunk_bytes + 28;
  const auto second = file.end() - std::ptrdiff_t(2 * sealed);
  std::swap_ranges(second - std::ptrdiff_t(sealed), second, second);
  EXPECT_EQ(error_of(read(file, 3 * backup_chunk_bytes)).kind, ErrorKind::corrupt);
}

TEST_F(BackupFile, AChunkOfAnotherFileIsNoneOfThisOne) {
  Bytes file = written(sample(100));
  const Bytes other = written(sample(100));
  std::copy(other.end() - 128, other.end(), file.end() - 128);
  EXPECT_EQ(error_of(read(file, 100)).kind, ErrorKind::corrupt);
}

TEST_F(BackupFile, MoreBehindTheEndIsNoticed) {
  Bytes file = written(sample(100));
  file.push_back(0);
  EXPECT_FALSE(read(file, 100));
}

TEST_F(BackupFile, ALaterFormatIsToldFromNone) {
  Bytes file = written(sample(3));
  file[16] = '2';
  EXPECT_NE(error_of(parse_backup_header(file)).message.find("later"), std::string::npos);
  EXPECT_EQ(error_of(parse_backup_header(bytes_of("PK"))).kind, ErrorKind::invalid);
}

// Entries.

class Collected final : public BackupEntries {
 public:
  Result<Sink*> begin(const std::string& name) override {
    names.push_back(name);
    sinks.push_back(std::make_unique<MemorySink>());
    return sinks.back().get();
  }
  Result<void> end() override { return {}; }
  std::vector<std::string> names;
  std::vector<std::unique_ptr<MemorySink>> sinks;
};

Result<void> read_from(std::string_view text, Collected& into) {
  return read_backup_entries(
      [&](MutableByteView wanted) -> Result<void> {
        if (wanted.size() > text.size()) return corrupt("the end");
        std::copy_n(text.begin(), wanted.size(), wanted.begin());
        text.remove_prefix(wanted.size());
        return {};
      },
      into);
}

TEST(BackupEntriesTest, AreReadAsTheyWereWritten) {
  MemorySink sink;
  expect_done(write_backup_entry(sink, "keys", MemoryReadAt(bytes_of("where"))));
  expect_done(write_backup_entry(sink, "objects/bucket/owner", MemoryReadAt(bytes_of(""))));
  expect_done(write_backup_end(sink));
  Collected found;
  expect_done(read_from(text_of(sink.bytes()), found));
  EXPECT_EQ(found.names, (std::vector<std::string>{"keys", "objects/bucket/owner"}));
  EXPECT_EQ(text_of(found.sinks[0]->bytes()), "where");
}

TEST(BackupEntriesTest, NamesThatLeadOutsideOrToSecretsAreNone) {
  for (const char* name :
       {"master.key", "credentials", "../keys", "/etc/passwd", "objects/../keys", "objects//x",
        "objects/b/.new-x", "objects/b", "objects/a/b/c/d", "objects/a\\b/c", "hallmark.db/x"}) {
    EXPECT_FALSE(is_backup_name(name)) << name;
    Collected found;
    EXPECT_FALSE(read_from(std::string(name) + "\n0\n\n", found)) << name;
  }
}

TEST(BackupEntriesTest, WhatIsNoEntryIsRefused) {
  for (const char* text : {"", "keys", "keys\n", "keys\n-1\n\n", "keys\nx\n\n", "keys\n5\nabc",
                           "keys\n99999999999999999999\n"}) {
    Collected found;
    EXPECT_FALSE(read_from(text, found)) << text;
  }
}

}  // namespace
}  // namespace hallmark::server
