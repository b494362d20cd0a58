#include "access/tag_context.h"

#include <gtest/gtest.h>

namespace hallmark::access {
namespace {

using Keys = std::vector<std::string>;

TEST(TagContext, HasTheValuesAndTheKeysOfTagsToSet) {
  const Context context = context_of_tags({{"stage", "prod"}, {"team", "one"}});
  EXPECT_EQ(context, (Context{{"aws:RequestTag/stage", Keys{"prod"}},
                              {"aws:RequestTag/team", Keys{"one"}},
                              {"aws:TagKeys", Keys{"stage", "team"}}}));
}

TEST(TagContext, HasTheKeysOfTagsToTakeAway) {
  EXPECT_EQ(context_of_tag_keys({"stage"}), (Context{{"aws:TagKeys", Keys{"stage"}}}));
}

}  // namespace
}  // namespace hallmark::access
