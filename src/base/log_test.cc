#include "base/log.h"

#include <gtest/gtest.h>

namespace hallmark::log {
namespace {

std::string rendered(std::string value) {
  return render(Level::info, "event", {{"value", std::move(value)}});
}

TEST(Log, WritesOneLineOfNamesAndValues) {
  EXPECT_EQ(render(Level::warning, "job failed", {{"job", "17"}, {"reason", "no such key"}}),
            R"(warning "job failed" job=17 reason="no such key")");
}

TEST(Log, QuotesWhatWouldNotBeReadBackAsOneValue) {
  EXPECT_EQ(rendered(""), R"(info event value="")");
  EXPECT_EQ(rendered("a=b"), R"(info event value="a=b")");
  EXPECT_EQ(rendered("a\"b\\"), R"(info event value="a\"b\\")");
}

TEST(Log, LetsNoLineBreakThrough) {
  EXPECT_EQ(rendered("a\r\nerror forged"), R"(info event value="a\x0d\x0aerror forged")");
}

TEST(Log, LetsNoTerminalSequenceThrough) {
  EXPECT_EQ(rendered("\x1b[2J\x07\x7f"), R"(info event value="\x1b[2J\x07\x7f")");
  EXPECT_EQ(rendered("\xc2\x9b"), R"(info event value="\xc2\x9b")");
}

TEST(Log, LetsNoBidirectionalOverrideThrough) {
  EXPECT_EQ(rendered("abc\xE2\x80\xAEtxt"), R"(info event value="abc\xe2\x80\xaetxt")");
}

TEST(Log, LetsNoNulThrough) {
  EXPECT_EQ(rendered(std::string("a\0b", 3)), R"(info event value="a\x00b")");
}

TEST(Log, EscapesTheMessageToo) {
  EXPECT_EQ(render(Level::error, "a\nb", {}), R"(error "a\x0ab")");
}

TEST(Log, WritesEachEventWithItsTime) {
  testing::internal::CaptureStderr();
  info("shown");
  const std::string lines = testing::internal::GetCapturedStderr();
  EXPECT_TRUE(lines.ends_with("Z info shown\n")) << lines;
}

}  // namespace
}  // namespace hallmark::log
