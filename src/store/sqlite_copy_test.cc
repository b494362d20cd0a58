#include "store/sqlite_copy.h"

#include <gtest/gtest.h>

#include <sys/stat.h>

#include <atomic>
#include <thread>

#include "store/conformance_test.h"
#include "store/settings.h"

namespace hallmark::store {
namespace {

class SqliteCopy : public testing::Test {
 protected:
  static std::unique_ptr<Store> opened(const std::filesystem::path& path) {
    auto store = open_sqlite(path, test_link);
    CHECK(store.has_value());
    return *std::move(store);
  }
  static Result<void> add(Store& store, std::string_view name) {
    return store.write([&](Transaction& tx) -> Result<void> {
      TRY(append_audit(tx, {.body = std::string(name), .body_hash = hash_of(1)}));
      return insert_setting(tx, name, "v");
    });
  }
  static bool holds(Store& store, std::string_view name) {
    return store.read([&](Reader& rows) { return find_setting(rows, name); })->has_value();
  }

  TemporaryFolder folder_;
  const std::filesystem::path path_ = folder_.path() / "hallmark.db";
  const std::filesystem::path copy_ = folder_.path() / "copy.db";
};

TEST_F(SqliteCopy, HoldsWhatWasCommittedBeforeAndOpensByItself) {
  const auto store = opened(path_);
  ASSERT_TRUE(add(*store, "before"));
  ASSERT_TRUE(copy_sqlite(path_, copy_));
  ASSERT_TRUE(add(*store, "after"));
  const auto copy = opened(copy_);
  EXPECT_TRUE(holds(*copy, "before"));
  EXPECT_FALSE(holds(*copy, "after"));
  EXPECT_TRUE(copy->check());
}

TEST_F(SqliteCopy, IsMadeOfAStoreThatNobodyHasOpen) {
  ASSERT_TRUE(add(*opened(path_), "before"));
  ASSERT_TRUE(copy_sqlite(path_, copy_));
  EXPECT_TRUE(holds(*opened(copy_), "before"));
}

TEST_F(SqliteCopy, IsSoundUnderConstantWriting) {
  const auto store = opened(path_);
  ASSERT_TRUE(add(*store, "first"));
  std::atomic<bool> stop = false;
  std::atomic<int> written = 0;
  std::thread writing([&] {
    while (!stop && add(*store, std::to_string(written + 1))) ++written;
  });
  for (int copies = 0; copies < 5; ++copies) {
    const int seen = written;
    const auto to = folder_.path() / ("copy" + std::to_string(copies));
    EXPECT_TRUE(copy_sqlite(path_, to));
    const auto copy = opened(to);
    EXPECT_TRUE(copy->check());
    for (int i = 1; i <= seen; ++i) EXPECT_TRUE(holds(*copy, std::to_string(i)));
  }
  stop = true;
  writing.join();
  EXPECT_TRUE(store->check());
}

TEST_F(SqliteCopy, NobodyElseCanReadIt) {
  const auto store = opened(path_);
  ASSERT_TRUE(copy_sqlite(path_, copy_));
  struct stat status = {};
  ASSERT_EQ(::stat(copy_.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777u, 0600u);
}

TEST_F(SqliteCopy, ReplacesNothing) {
  const auto store = opened(path_);
  ASSERT_TRUE(copy_sqlite(path_, copy_));
  EXPECT_FALSE(copy_sqlite(path_, copy_));
}

TEST_F(SqliteCopy, OfNoStoreIsRefused) {
  const auto copied = copy_sqlite(path_, copy_);
  ASSERT_FALSE(copied);
  EXPECT_EQ(copied.error().kind, ErrorKind::invalid);
  EXPECT_FALSE(std::filesystem::exists(copy_));
}

}  // namespace
}  // namespace hallmark::store
