#include "store/settings.h"

#include "store/conformance_test.h"

namespace hallmark::store {
namespace {

using Settings = EachEngine;
INSTANTIATE_TEST_SUITE_P(Engines, Settings, testing::ValuesIn(engines()), engine_name);

TEST_P(Settings, AreFoundByName) {
  ASSERT_TRUE(write([](Transaction& tx) { return insert_setting(tx, "region", "eu-west-1"); }));
  const auto region = read([](Reader& rows) { return find_setting(rows, "region"); });
  EXPECT_EQ(*region, "eu-west-1");
  const auto other = read([](Reader& rows) { return find_setting(rows, "account"); });
  EXPECT_EQ(*other, std::nullopt);
}

TEST_P(Settings, AreSetOnce) {
  ASSERT_TRUE(write([](Transaction& tx) { return insert_setting(tx, "region", "eu-west-1"); }));
  const Error error =
      refusal([](Transaction& tx) { return insert_setting(tx, "region", "us-east-1"); });
  EXPECT_EQ(error.kind, ErrorKind::conflict);
  const auto region = read([](Reader& rows) { return find_setting(rows, "region"); });
  EXPECT_EQ(*region, "eu-west-1");
}

TEST_P(Settings, MayBeEmptyOrHoldAnyCharacter) {
  const std::string odd = "a\1\n\x7f\u00fc\U0001f511 \"'\\";
  ASSERT_TRUE(write([&](Transaction& tx) { return insert_setting(tx, "odd", odd); }));
  ASSERT_TRUE(write([](Transaction& tx) { return insert_setting(tx, "none", {}); }));
  EXPECT_EQ(*read([](Reader& rows) { return find_setting(rows, "odd"); }), odd);
  EXPECT_EQ(*read([](Reader& rows) { return find_setting(rows, "none"); }), "");
}

TEST_P(Settings, AreStoredWholeOrRefused) {
  const std::string zero("a\0b", 3);
  const auto written = write([&](Transaction& tx) { return insert_setting(tx, "zero", zero); });
  if (written) {
    EXPECT_EQ(*read([](Reader& rows) { return find_setting(rows, "zero"); }), zero);
  } else {
    EXPECT_EQ(written.error().kind, ErrorKind::invalid);
  }
}

}  // namespace
}  // namespace hallmark::store
