#include "model/tags.h"

#include <gtest/gtest.h>

namespace hallmark::model {
namespace {

TEST(Tags, MergedKeepTheirPlacesAndNewOnesComeLast) {
  const StringMap tags = {{"team", "boot"}, {"stage", "test"}};
  const StringMap changes = {{"owner", "ada"}, {"team", "firmware"}};
  EXPECT_EQ(merged(tags, changes),
            (StringMap{{"team", "firmware"}, {"stage", "test"}, {"owner", "ada"}}));
  EXPECT_EQ(merged(tags, {}), tags);
}

}  // namespace
}  // namespace hallmark::model
