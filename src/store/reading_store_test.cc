#include "store/reading_store.h"

#include <gtest/gtest.h>

#include "store/audit.h"
#include "store/conformance_test.h"

namespace hallmark::store {
namespace {

class ReadingStoreTest : public testing::Test {
 protected:
  void append(Store& store) {
    ASSERT_TRUE(store.write([](Transaction& tx) {
      return append_audit(tx, {.body = "one", .body_hash = hash_of(1)});
    }));
  }
  static std::size_t count(Store& store) {
    return store.read([](Reader& rows) { return list_audit(rows, 0, 10); })->size();
  }

  TemporaryFolder folder_;
  const std::filesystem::path path_ = folder_.path() / "store.db";
};

TEST_F(ReadingStoreTest, SeesWhatAnotherWritesMeanwhile) {
  const auto writing = *open_sqlite(path_, test_link);
  append(*writing);
  const auto reading = *open_sqlite_for_reading(path_);
  EXPECT_EQ(count(*reading), 1u);
  append(*writing);
  EXPECT_EQ(count(*reading), 2u);
}

TEST_F(ReadingStoreTest, ReadsWhatNobodyHasOpen) {
  {
    const auto writing = *open_sqlite(path_, test_link);
    append(*writing);
  }
  EXPECT_EQ(count(**open_sqlite_for_reading(path_)), 1u);
}

TEST_F(ReadingStoreTest, WritesNothing) {
  { const auto made = *open_sqlite(path_, test_link); }
  const auto reading = *open_sqlite_for_reading(path_);
  EXPECT_FALSE(reading->write([](Transaction&) { return Result<void>(); }));
}

TEST_F(ReadingStoreTest, AFileThatIsNotThereIsNotMade) {
  EXPECT_FALSE(open_sqlite_for_reading(path_));
  EXPECT_FALSE(std::filesystem::exists(path_));
}

}  // namespace
}  // namespace hallmark::store
