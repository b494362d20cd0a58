#include "objects/file_objects.h"

#include <gtest/gtest.h>

#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <fstream>
#include <thread>

#include "base/encoding.h"
#include "base/file.h"
#include "base/test_support.h"
#include "base/uuid.h"
#include "crypto/digest.h"

namespace hallmark::objects {
namespace {

namespace fs = std::filesystem;
using test::error_of;
using test::expect_done;
using test::value_of;

constexpr std::string_view owner = "111122223333";

Result<void> always() { return {}; }

Artifact whole(std::string_view text) { return Artifact{{copy_of(bytes_of(text))}}; }

class FileObjectsTest : public testing::Test {
 protected:
  FileObjectsTest() { expect_done(objects_.create_bucket("bucket", owner)); }

  Result<Pinned> put(std::string_view key, std::string_view text) {
    return objects_.put({"bucket", std::string(key)}, MemoryReadAt(bytes_of(text)));
  }
  Result<Pinned> put_once(std::string_view key, std::string_view text) {
    return objects_.put_once({"bucket", std::string(key)}, whole(text), nothing_, always);
  }
  std::string content(const Pinned& pinned) {
    const auto source = value_of(objects_.snapshot(pinned));
    std::string text(std::size_t(source->size()), '\0');
    expect_done(source->read_at(0, {reinterpret_cast<std::uint8_t*>(text.data()), text.size()}));
    return text;
  }
  fs::path folder_of(std::string_view key) const {
    return root_ / "bucket" / to_hex(crypto::sha256(bytes_of(key)));
  }
  std::size_t files_in(const fs::path& folder) const {
    return std::size_t(std::distance(fs::directory_iterator(folder), fs::directory_iterator()));
  }

  test::TemporaryFolder folder_;
  fs::path root_ = folder_.path() / "objects";
  test::TestClock clock_;
  test::CountingRandom random_;
  FileObjects objects_{root_, clock_, random_};
  const MemoryReadAt nothing_{ByteView()};
};

// Versions.

TEST_F(FileObjectsTest, APinnedObjectKnowsItsSizeAndSha256) {
  const Pinned pinned = value_of(put("a.zip", "abc"));
  EXPECT_EQ(pinned.size, 3u);
  EXPECT_EQ(pinned.sha256_hex, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST_F(FileObjectsTest, PutsInOneMillisecondAreInTheOrderInWhichTheyWereMade) {
  for (int i = 0; i < 20; ++i) {
    const Pinned newest = value_of(put("a.zip", std::to_string(i)));
    EXPECT_EQ(content(value_of(objects_.pin({"bucket", "a.zip"}))), std::to_string(i));
  }
}

TEST_F(FileObjectsTest, APutAfterTheClockWentBackIsTheNewest) {
  value_of(put("a.zip", "one"));
  clock_.advance(-std::chrono::hours(1));
  value_of(put("a.zip", "two"));
  EXPECT_EQ(content(value_of(objects_.pin({"bucket", "a.zip"}))), "two");
}

TEST_F(FileObjectsTest, ListShowsKeysInOrderAndVersionsNewestFirst) {
  value_of(put("b", "1"));
  value_of(put("a", "2"));
  const Pinned newest = value_of(put("a", "3"));
  const auto listed = value_of(objects_.list("bucket"));
  ASSERT_EQ(listed.size(), 2u);
  EXPECT_EQ(listed[0].key, "a");
  ASSERT_EQ(listed[0].versions.size(), 2u);
  EXPECT_EQ(listed[0].versions[0].location, newest.location);
  EXPECT_EQ(listed[1].key, "b");
}

TEST_F(FileObjectsTest, AVersionsFileIsReadOnlyForItsOwner) {
  const Pinned pinned = value_of(put("a", "1"));
  const fs::path file = folder_of("a") / (pinned.location.version + "." + pinned.sha256_hex);
  EXPECT_EQ(fs::status(file).permissions(), fs::perms::owner_read);
}

// put_once.

TEST_F(FileObjectsTest, ARefusedPutLeavesNoFileBehind) {
  value_of(put_once("a.zip", "one"));
  const std::size_t before = files_in(folder_of("a.zip"));
  error_of(put_once("a.zip", "two"));
  EXPECT_EQ(files_in(folder_of("a.zip")), before);
}

// Fails after the first half.
class BrokenSource final : public ReadAt {
 public:
  std::uint64_t size() const override { return 1 << 20; }
  Result<void> read_at(std::uint64_t offset, MutableByteView into) const override {
    if (offset + into.size() > size() / 2) return internal_error("the medium is gone");
    return {};
  }
};

TEST_F(FileObjectsTest, NoObjectAppearsWhenTheSourceFailsHalfWay) {
  EXPECT_EQ(error_of(objects_.put({"bucket", "a"}, BrokenSource())).kind, ErrorKind::internal);
  EXPECT_EQ(error_of(objects_.pin({"bucket", "a"})).kind, ErrorKind::not_found);
  EXPECT_EQ(files_in(folder_of("a")), 1u) << "only the key's name";
}

TEST_F(FileObjectsTest, LeftOverTemporaryFilesAreNoVersions) {
  value_of(put("a", "1"));
  std::ofstream(folder_of("a") / ".new-AbCdEf") << "half of somethi";
  EXPECT_EQ(content(value_of(objects_.pin({"bucket", "a"}))), "1");
  EXPECT_EQ(value_of(objects_.list("bucket"))[0].versions.size(), 1u);
}

TEST_F(FileObjectsTest, FilesThatAreNoVersionsAreNoVersions) {
  value_of(put("a", "1"));
  std::ofstream(folder_of("a") / "zzzz") << "x";
  std::ofstream(folder_of("a") / (std::string(36, 'f') + "." + std::string(64, 'f'))) << "x";
  EXPECT_EQ(content(value_of(objects_.pin({"bucket", "a"}))), "1");
}

// What is not there.

TEST_F(FileObjectsTest, AnUnknownVersionIsNamed) {
  value_of(put("a", "1"));
  const Error error = error_of(objects_.pin({"bucket", "a", "null"}));
  EXPECT_EQ(error.kind, ErrorKind::not_found);
  EXPECT_EQ(error.message, "The key a in the bucket bucket has no version null.");
}

TEST_F(FileObjectsTest, PuttingIntoAnUnknownBucketIsNotFound) {
  EXPECT_EQ(error_of(objects_.put_once({"nowhere", "a"}, whole("1"), nothing_, always)).kind,
            ErrorKind::not_found);
  EXPECT_FALSE(fs::exists(root_ / "nowhere"));
}

TEST_F(FileObjectsTest, ASnapshotOfARemovedVersionIsNotFound) {
  const Pinned pinned = value_of(put("a", "1"));
  expect_done(objects_.remove({"bucket", "a"}));
  EXPECT_EQ(error_of(objects_.snapshot(pinned)).kind, ErrorKind::not_found);
}

TEST_F(FileObjectsTest, ASnapshotReadsOnWhenItsVersionIsRemoved) {
  const auto source = value_of(objects_.snapshot(value_of(put("a", "1"))));
  expect_done(objects_.remove({"bucket", "a"}));
  std::uint8_t byte = 0;
  expect_done(source->read_at(0, {&byte, 1}));
  EXPECT_EQ(byte, '1');
}

TEST_F(FileObjectsTest, ASnapshotOfAVersionThatChangedItsSizeIsCorrupt) {
  const Pinned pinned = value_of(put("a", "1"));
  const fs::path file = folder_of("a") / (pinned.location.version + "." + pinned.sha256_hex);
  fs::permissions(file, fs::perms::owner_all);
  std::ofstream(file, std::ios::app) << "2";
  EXPECT_EQ(error_of(objects_.snapshot(pinned)).kind, ErrorKind::corrupt);
}

// Removing.

TEST_F(FileObjectsTest, RemovingAKeyRemovesAllItsVersions) {
  const Pinned first = value_of(put("a", "1"));
  value_of(put("a", "2"));
  expect_done(objects_.remove({"bucket", "a"}));
  EXPECT_EQ(error_of(objects_.pin({"bucket", "a"})).kind, ErrorKind::not_found);
  EXPECT_EQ(error_of(objects_.pin(first.location)).kind, ErrorKind::not_found);
  EXPECT_TRUE(value_of(objects_.list("bucket")).empty());
}

TEST_F(FileObjectsTest, RemovingLeavesOtherKeysAlone) {
  value_of(put("a", "1"));
  value_of(put("ab", "2"));
  expect_done(objects_.remove({"bucket", "a"}));
  EXPECT_EQ(content(value_of(objects_.pin({"bucket", "ab"}))), "2");
}

TEST_F(FileObjectsTest, RemovingWhatIsNotThereIsFine) {
  expect_done(objects_.remove({"bucket", "a"}));
  expect_done(objects_.remove({"nowhere", "a"}));
}

TEST_F(FileObjectsTest, ARemovedKeyCanBePutAgain) {
  value_of(put_once("a", "1"));
  expect_done(objects_.remove({"bucket", "a"}));
  EXPECT_EQ(content(value_of(put_once("a", "2"))), "2");
}

// Buckets.

TEST_F(FileObjectsTest, CreatingABucketAgainIsFineForItsOwner) {
  expect_done(objects_.create_bucket("bucket", owner));
}

TEST_F(FileObjectsTest, ABucketOfAnotherOwnerIsNotTakenOver) {
  EXPECT_EQ(error_of(objects_.create_bucket("bucket", "999999999999")).kind, ErrorKind::denied);
  EXPECT_EQ(value_of(objects_.find_bucket_owner("bucket")), std::optional<std::string>(owner));
}

TEST_F(FileObjectsTest, AnUnfinishedBucketIsNone) {
  fs::create_directories(root_ / "half");
  EXPECT_EQ(value_of(objects_.list_buckets()), std::vector<std::string>{"bucket"});
  EXPECT_EQ(error_of(objects_.list("half")).kind, ErrorKind::not_found);
  expect_done(objects_.create_bucket("half", owner));
  EXPECT_EQ(value_of(objects_.list_buckets()), (std::vector<std::string>{"bucket", "half"}));
}

TEST_F(FileObjectsTest, AMissingRootHasNoBuckets) {
  FileObjects empty(folder_.path() / "nothing", clock_, random_);
  EXPECT_TRUE(value_of(empty.list_buckets()).empty());
  EXPECT_EQ(value_of(empty.find_bucket_owner("bucket")), std::nullopt);
}

class BadBucketName : public FileObjectsTest, public testing::WithParamInterface<std::string> {};

TEST_P(BadBucketName, IsRefusedEverywhere) {
  const std::string& name = GetParam();
  EXPECT_EQ(error_of(objects_.create_bucket(name, owner)).kind, ErrorKind::invalid);
  EXPECT_EQ(error_of(objects_.find_bucket_owner(name)).kind, ErrorKind::invalid);
  EXPECT_EQ(error_of(objects_.pin({name, "a"})).kind, ErrorKind::invalid);
  EXPECT_EQ(error_of(objects_.remove({name, "a"})).kind, ErrorKind::invalid);
  EXPECT_EQ(error_of(objects_.put({name, "a"}, nothing_)).kind, ErrorKind::invalid);
  EXPECT_EQ(error_of(objects_.snapshot({{name, "a", "1"}, 0, ""})).kind, ErrorKind::invalid);
}

INSTANTIATE_TEST_SUITE_P(Names, BadBucketName,
                         testing::Values("", ".", "..", "../objects", "a/b", "/etc", "Bucket",
                                         "bucket\n", std::string("buc\0ket", 7), "b_cket", "b%2f",
                                         "b\xc3\xbc"
                                         "cher",
                                         std::string(64, 'b')));

TEST_F(FileObjectsTest, ABucketNameHasAtLeastThreeCharacters) {
  EXPECT_EQ(error_of(objects_.create_bucket("ab", owner)).kind, ErrorKind::invalid);
}

TEST_F(FileObjectsTest, ABucketNameHasAtMost63Characters) {
  expect_done(objects_.create_bucket(std::string(63, 'b'), owner));
}

// Keys.

class OddKey : public FileObjectsTest, public testing::WithParamInterface<std::string> {};

TEST_P(OddKey, IsAKeyLikeEveryOther) {
  const std::string& key = GetParam();
  EXPECT_EQ(content(value_of(put(key, "1"))), "1");
  EXPECT_EQ(value_of(objects_.list("bucket"))[0].key, key);
  EXPECT_EQ(files_in(root_), 1u) << "something was written outside of the bucket";
  EXPECT_EQ(files_in(folder_.path()), 1u) << "something was written outside of the root";
  expect_done(objects_.remove({"bucket", key}));
  EXPECT_TRUE(value_of(objects_.list("bucket")).empty());
}

INSTANTIATE_TEST_SUITE_P(Keys, OddKey,
                         testing::Values(std::string(1024, 'k'), "../x", "/", "//a//", ".", "..",
                                         "owner", "a b\tc\n", "\xe2\x98\x83/\xf0\x9f\x94\x91",
                                         "%2e%2e", std::string("a\0b", 3), "\xff\xfe"));

TEST_F(FileObjectsTest, AKeyHasAtMost1024Bytes) {
  EXPECT_EQ(error_of(put(std::string(1025, 'k'), "1")).kind, ErrorKind::invalid);
}

TEST_F(FileObjectsTest, AKeyIsNotEmpty) {
  EXPECT_EQ(error_of(put("", "1")).kind, ErrorKind::invalid);
}

class OddVersion : public FileObjectsTest, public testing::WithParamInterface<std::string> {};

TEST_P(OddVersion, IsNotFound) {
  const Pinned good = value_of(put("a", "1"));
  EXPECT_EQ(error_of(objects_.pin({"bucket", "a", GetParam()})).kind, ErrorKind::not_found);
  Pinned forged = good;
  forged.location.version = GetParam();
  EXPECT_EQ(error_of(objects_.snapshot(forged)).kind, ErrorKind::not_found);
}

INSTANTIATE_TEST_SUITE_P(Versions, OddVersion,
                         testing::Values("null", "..", "../../owner", "key", "\n",
                                         "00000000-0000-7000-8000-000000000000",
                                         std::string(36, '/'), std::string(1024, 'v')));

// Several at once.

TEST_F(FileObjectsTest, ThreadsThatPutTheSameBytesOnceMakeOneVersion) {
  constexpr int threads = 8;
  std::vector<std::string> versions(threads);
  {
    std::vector<std::jthread> all;
    for (auto& version : versions) {
      all.emplace_back([&] { version = value_of(put_once("a", "same")).location.version; });
    }
  }
  EXPECT_EQ(std::ranges::count(versions, versions[0]), threads);
  EXPECT_EQ(value_of(objects_.list("bucket"))[0].versions.size(), 1u);
}

TEST_F(FileObjectsTest, OfThreadsThatPutOtherBytesOnceExactlyOneSucceeds) {
  constexpr int threads = 8;
  std::atomic<int> done = 0;
  {
    std::vector<std::jthread> all;
    for (int i = 0; i < threads; ++i) {
      all.emplace_back([&, i] {
        const auto put = put_once("a", std::to_string(i));
        if (put) ++done;
        EXPECT_TRUE(put || put.error().kind == ErrorKind::conflict);
      });
    }
  }
  EXPECT_EQ(done, 1);
}

TEST_F(FileObjectsTest, EveryPutOfTwoProcessesIsAVersion) {
  constexpr int puts = 10;
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {  // no test assertions here: this process ends at once
    test::CountingRandom random;
    Bytes skipped(1000);  // so that its versions are not those of the parent
    random.fill(skipped);
    FileObjects other(root_, clock_, random);
    for (int i = 0; i < puts; ++i) {
      if (!other.put({"bucket", "a"}, MemoryReadAt(bytes_of("child")))) ::_exit(1);
    }
    ::_exit(0);
  }
  for (int i = 0; i < puts; ++i) value_of(put("a", "parent"));
  int status = -1;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
  EXPECT_EQ(value_of(objects_.list("bucket"))[0].versions.size(), 2u * puts);
}

}  // namespace
}  // namespace hallmark::objects
