#include "events/standard_output.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <string>

#include <gtest/gtest.h>

#include "base/test_support.h"

namespace hallmark::events {
namespace {

TEST(StandardOutput, IsALineForEachEvent) {
  std::array<int, 2> ends{};
  ASSERT_EQ(::pipe(ends.data()), 0);
  const auto target = lines_on(ends[1]);
  hallmark::test::expect_done(target->deliver({"1", R"({"a":1})"}));
  hallmark::test::expect_done(target->deliver({"2", R"({"b":2})"}));
  std::array<char, 64> text{};
  const ssize_t bytes = ::read(ends[0], text.data(), text.size());
  EXPECT_EQ(std::string(text.data(), std::size_t(bytes)), "{\"a\":1}\n{\"b\":2}\n");
  for (const int end : ends) ASSERT_EQ(::close(end), 0);
}

TEST(StandardOutput, FailsWhenItIsClosed) { EXPECT_FALSE(lines_on(-1)->deliver({"1", "{}"})); }

}  // namespace
}  // namespace hallmark::events
