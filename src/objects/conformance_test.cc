// What every back end does alike, whatever it is. A back end is one row of `back_ends`.
#include <functional>
#include <memory>
#include <string>

#include <gtest/gtest.h>

#include "base/encoding.h"
#include "base/file.h"
#include "base/test_support.h"
#include "crypto/digest.h"
#include "objects/file_objects.h"
#include "objects/test_s3.h"

namespace hallmark::objects {
namespace {

using hallmark::test::error_of;
using hallmark::test::expect_done;
using hallmark::test::value_of;

constexpr std::string_view owner = "111122223333";

// A back end with the empty bucket "bucket", and the way in which users put objects there.
class BackEnd {
 public:
  virtual ~BackEnd() = default;
  virtual Objects& objects() = 0;
  virtual std::string put(const std::string& key, std::string_view content) = 0;  // the version
  virtual std::size_t versions(const std::string& key) = 0;
};

class FileBackEnd final : public BackEnd {
 public:
  FileBackEnd() { expect_done(objects_.create_bucket("bucket", owner)); }
  Objects& objects() override { return objects_; }
  std::string put(const std::string& key, std::string_view content) override {
    return value_of(objects_.put({"bucket", key}, MemoryReadAt(bytes_of(content))))
        .location.version;
  }
  std::size_t versions(const std::string& key) override {
    for (const auto& listed : value_of(objects_.list("bucket"))) {
      if (listed.key == key) return listed.versions.size();
    }
    return 0;
  }

 private:
  hallmark::test::TemporaryFolder folder_;
  hallmark::test::TestClock clock_;
  hallmark::test::CountingRandom random_;
  FileObjects objects_{folder_.path() / "objects", clock_, random_};
};

class S3BackEnd final : public BackEnd {
 public:
  explicit S3BackEnd(std::uint64_t single_put_bytes_max)
      : objects_({.limits = {.block_bytes = 4,
                             .single_put_bytes_max = single_put_bytes_max,
                             .part_bytes = 5}}) {}
  Objects& objects() override { return *objects_; }
  std::string put(const std::string& key, std::string_view content) override {
    return objects_.server.put("bucket", key, std::string(content));
  }
  std::size_t versions(const std::string& key) override {
    return objects_.server.versions("bucket", key);
  }

 private:
  test::TestS3 objects_;
};

struct Row {
  const char* name;
  std::unique_ptr<BackEnd> (*make)();
};
const Row back_ends[] = {
    {"File", [] { return std::unique_ptr<BackEnd>(std::make_unique<FileBackEnd>()); }},
    {"S3InOnePut", [] { return std::unique_ptr<BackEnd>(std::make_unique<S3BackEnd>(1000)); }},
    {"S3InParts", [] { return std::unique_ptr<BackEnd>(std::make_unique<S3BackEnd>(0)); }},
};

class Conformance : public testing::TestWithParam<Row> {
 protected:
  static Result<void> always() { return {}; }
  static Artifact whole(std::string_view text) { return Artifact{{copy_of(bytes_of(text))}}; }

  Objects& objects() { return back_end_->objects(); }
  Result<Pinned> pin(const std::string& key, const std::string& version = {}) {
    return objects().pin({"bucket", key, version});
  }
  Result<Pinned> put_once(const std::string& key, std::string_view text) {
    return objects().put_once({"bucket", key}, whole(text), nothing_, always);
  }
  std::string content(const Pinned& pinned) {
    const auto source = value_of(objects().snapshot(pinned));
    std::string text(std::size_t(source->size()), '\0');
    expect_done(source->read_at(0, {reinterpret_cast<std::uint8_t*>(text.data()), text.size()}));
    return text;
  }

  const MemoryReadAt nothing_{ByteView()};
  const std::unique_ptr<BackEnd> back_end_ = GetParam().make();
};

TEST_P(Conformance, AnObjectIsPinnedByItsVersionAndReadBack) {
  const std::string first = back_end_->put("a.zip", "the first one");
  back_end_->put("a.zip", "another");
  const Pinned pinned = value_of(pin("a.zip", first));
  EXPECT_EQ(pinned.location, (Location{"bucket", "a.zip", first}));
  EXPECT_EQ(pinned.size, 13u);
  EXPECT_EQ(content(pinned), "the first one");
}

TEST_P(Conformance, TheNewestVersionIsPinnedWithoutAVersion) {
  back_end_->put("a.zip", "one");
  const std::string second = back_end_->put("a.zip", "two");
  EXPECT_EQ(value_of(pin("a.zip")).location.version, second);
}

TEST_P(Conformance, AnEmptyObjectIsAnObject) {
  EXPECT_EQ(content(value_of(pin("empty", back_end_->put("empty", "")))), "");
}

TEST_P(Conformance, EveryKeyIsAKey) {
  for (const std::string key :
       {"..x", "//a//", ".a./...", "a b+c", "\xe2\x98\x83/%2e", "a?b=c&d#e"}) {
    EXPECT_EQ(content(value_of(pin(key, back_end_->put(key, "x")))), "x") << key;
    EXPECT_EQ(content(value_of(put_once(key + "-signed", "y"))), "y") << key;
  }
}

TEST_P(Conformance, ASnapshotIsReadFromAnyPlace) {
  const auto source =
      value_of(objects().snapshot(value_of(pin("a", back_end_->put("a", "0123456789")))));
  for (std::size_t offset = 10; offset-- > 0;) {
    std::string text(std::min<std::size_t>(3, 10 - offset), '\0');
    expect_done(
        source->read_at(offset, {reinterpret_cast<std::uint8_t*>(text.data()), text.size()}));
    EXPECT_EQ(text, std::string("0123456789").substr(offset, 3));
  }
}

TEST_P(Conformance, AReadPastTheEndIsAnError) {
  const auto source = value_of(objects().snapshot(value_of(pin("a", back_end_->put("a", "0123")))));
  Bytes three(3);
  EXPECT_EQ(error_of(source->read_at(2, three)).kind, ErrorKind::corrupt);
  EXPECT_EQ(error_of(source->read_at(~0ull, three)).kind, ErrorKind::corrupt);
}

TEST_P(Conformance, WhatIsNotThereIsNamed) {
  back_end_->put("a", "1");
  const Error bucket = error_of(objects().pin({"nowhere", "a"}));
  EXPECT_EQ(bucket.kind, ErrorKind::not_found);
  EXPECT_EQ(bucket.message, "The bucket nowhere does not exist.");
  const Error key = error_of(pin("b"));
  EXPECT_EQ(key.kind, ErrorKind::not_found);
  EXPECT_EQ(key.message, "The key b does not exist in the bucket bucket.");
  const Error version = error_of(pin("a", "00000000-0000-7000-8000-000000000000"));
  EXPECT_EQ(version.kind, ErrorKind::not_found);
  EXPECT_EQ(version.message,
            "The key a in the bucket bucket has no version 00000000-0000-7000-8000-000000000000.");
}

TEST_P(Conformance, ABucketKnowsItsOwner) {
  EXPECT_EQ(value_of(objects().find_bucket_owner("bucket")), std::optional<std::string>(owner));
  EXPECT_EQ(value_of(objects().find_bucket_owner("nowhere")), std::nullopt);
  EXPECT_EQ(error_of(objects().find_bucket_owner("../bucket")).kind, ErrorKind::invalid);
}

TEST_P(Conformance, ABucketIsThereOrNot) {
  expect_done(objects().check_bucket("bucket"));
  EXPECT_EQ(error_of(objects().check_bucket("nowhere")).kind, ErrorKind::not_found);
}

// put_once.

TEST_P(Conformance, AnObjectIsPutWithItsSizeAndHash) {
  const Pinned pinned = value_of(put_once("a", "abc"));
  EXPECT_EQ(pinned.size, 3u);
  EXPECT_EQ(pinned.sha256_hex, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(content(pinned), "abc");
}

TEST_P(Conformance, AnArtifactIsWrittenFromItsPieces) {
  const MemoryReadAt source(bytes_of("0123456789"));
  const Artifact artifact{{SourceRange{2, 8}, copy_of(bytes_of("-")), SourceRange{0, 5}}};
  const auto put = objects().put_once({"bucket", "a"}, artifact, source, always);
  EXPECT_EQ(content(value_of(put)), "23456789-01234");
}

TEST_P(Conformance, PuttingTheSameBytesOnceMoreIsTheSameVersion) {
  const Pinned first = value_of(put_once("a.zip", "the same bytes"));
  EXPECT_EQ(value_of(put_once("a.zip", "the same bytes")).location, first.location);
  EXPECT_EQ(back_end_->versions("a.zip"), 1u);
}

TEST_P(Conformance, PuttingOtherBytesOnceMoreIsAConflict) {
  value_of(put_once("a.zip", "one"));
  EXPECT_EQ(error_of(put_once("a.zip", "two")).kind, ErrorKind::conflict);
  EXPECT_EQ(error_of(put_once("a.zip", "three")).kind, ErrorKind::conflict);
  EXPECT_EQ(content(value_of(pin("a.zip"))), "one");
  EXPECT_EQ(back_end_->versions("a.zip"), 1u);
}

TEST_P(Conformance, PuttingIntoAnUnknownBucketIsNotFound) {
  const auto put = objects().put_once({"nowhere", "a"}, whole("1"), nothing_, always);
  EXPECT_EQ(error_of(put).kind, ErrorKind::not_found);
}

TEST_P(Conformance, AKeyHas1To1024Bytes) {
  EXPECT_EQ(error_of(put_once("", "1")).kind, ErrorKind::invalid);
  EXPECT_EQ(error_of(put_once(std::string(1025, 'k'), "1")).kind, ErrorKind::invalid);
}

TEST_P(Conformance, NothingAppearsThatMayNot) {
  const auto never = []() -> Result<void> { return unavailable("the lease is lost"); };
  const auto put = objects().put_once({"bucket", "a"}, whole("1"), nothing_, never);
  EXPECT_EQ(error_of(put).kind, ErrorKind::unavailable);
  EXPECT_EQ(back_end_->versions("a"), 0u);
}

// Can be read for the first half.
class BrokenSource final : public ReadAt {
 public:
  std::uint64_t size() const override { return 40; }
  Result<void> read_at(std::uint64_t offset, MutableByteView into) const override {
    if (offset + into.size() > size() / 2) return internal_error("the medium is gone");
    return {};
  }
};

TEST_P(Conformance, NoObjectAppearsWhenTheSourceFailsHalfWay) {
  const auto put =
      objects().put_once({"bucket", "a"}, Artifact{{SourceRange{0, 40}}}, BrokenSource(), always);
  EXPECT_EQ(error_of(put).kind, ErrorKind::internal);
  EXPECT_EQ(error_of(put).detail, "the medium is gone");
  EXPECT_EQ(back_end_->versions("a"), 0u);
}

// remove_content.

TEST_P(Conformance, RemovingContentLeavesOtherVersionsAlone) {
  back_end_->put("a", "first");
  back_end_->put("a", "second");
  back_end_->put("a", "third");
  back_end_->put("ab", "second");
  const std::string hash = to_hex(crypto::sha256(bytes_of("second")));
  expect_done(objects().remove_content({"bucket", "a"}, hash));
  EXPECT_EQ(back_end_->versions("a"), 2u);
  EXPECT_EQ(back_end_->versions("ab"), 1u);
  EXPECT_EQ(content(value_of(pin("a"))), "third");
}

TEST_P(Conformance, WhatWasPutOnceCanBeRemoved) {
  const Pinned pinned = value_of(put_once("a", "some content"));
  expect_done(objects().remove_content({"bucket", "a"}, pinned.sha256_hex));
  EXPECT_EQ(back_end_->versions("a"), 0u);
}

TEST_P(Conformance, RemovingContentThatIsNotThereIsFine) {
  back_end_->put("a", "1");
  expect_done(objects().remove_content({"bucket", "b"}, std::string(64, '0')));
  expect_done(objects().remove_content({"bucket", "a"}, std::string(64, '0')));
  EXPECT_EQ(back_end_->versions("a"), 1u);
}

INSTANTIATE_TEST_SUITE_P(BackEnds, Conformance, testing::ValuesIn(back_ends),
                         [](const auto& row) { return row.param.name; });

}  // namespace
}  // namespace hallmark::objects
