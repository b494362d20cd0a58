#include "store/migrations.h"

#include <gtest/gtest.h>

#include "store/conformance_test.h"
#include "store/sqlite.h"

namespace hallmark::store {
namespace {

constexpr Migration one = {.name = "one", .script = "CREATE TABLE a (x {integer}) {table};"};
constexpr Migration two = {.name = "two", .script = "CREATE TABLE b (x {bytes}) {table};"};
constexpr Migration broken = {.name = "broken",
                              .script = "CREATE TABLE c (x {text}) {table}; CREATE NONSENSE;"};

class Migrations : public testing::Test {
 protected:
  Migrations() : driver_(sqlite_driver(folder_.path() / "store.db")) {
    auto opened = driver_->open_writer();
    CHECK(opened.has_value());
    connection_ = *std::move(opened);
  }

  Result<void> run(std::vector<Migration> known) { return migrate(*connection_, known); }
  bool has_table(Sql probe) {
    Reader rows(*connection_);
    return ask(rows, probe).has_value();
  }

  TemporaryFolder folder_;
  std::unique_ptr<Driver> driver_;
  std::unique_ptr<Connection> connection_;
};

TEST_F(Migrations, RunOnceEachInOrder) {
  ASSERT_TRUE(run({one}));
  ASSERT_TRUE(run({one, two}));
  ASSERT_TRUE(run({one, two}));
  EXPECT_TRUE(has_table("SELECT x FROM a"));
  EXPECT_TRUE(has_table("SELECT x FROM b"));
}

TEST_F(Migrations, ANewerSchemaIsRefused) {
  ASSERT_TRUE(run({one, two}));
  const auto refused = run({one});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::invalid);
}

TEST_F(Migrations, AnEditedOneIsRefused) {
  ASSERT_TRUE(run({one}));
  const Migration edited = {.name = "one", .script = "CREATE TABLE a (y {integer}) {table};"};
  EXPECT_EQ(run({edited, two}).error().kind, ErrorKind::corrupt);
  EXPECT_FALSE(has_table("SELECT x FROM b"));
}

TEST_F(Migrations, OneThatFailsLeavesNothing) {
  EXPECT_FALSE(run({one, broken}));
  EXPECT_TRUE(has_table("SELECT x FROM a"));
  EXPECT_FALSE(has_table("SELECT x FROM c"));
  EXPECT_TRUE(run({one, two}));
}

}  // namespace
}  // namespace hallmark::store
