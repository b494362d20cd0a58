#include "audit/log_line.h"

#include <gtest/gtest.h>

#include "audit/test_log.h"

namespace hallmark::audit {
namespace {

using test::value_of;

class LogLineTest : public testing::Test {
 protected:
  LogLineTest() {
    log_.append(1);
    log_.checkpoint();
    lines_ = log_.lines();
  }
  // Whether a text is read and written again as it was.
  static bool is_kept(const std::string& line) {
    const auto read = parse_log_line(line);
    return read && std::visit([](const auto& one) { return text_of(one); }, *read) == line;
  }
  static std::string replaced(std::string text, std::string_view from, std::string_view to) {
    const std::size_t at = text.find(from);
    EXPECT_NE(at, text.npos) << from;
    return text.replace(at, from.size(), to);
  }

  test::TestLog log_;
  std::vector<std::string> lines_;
};

TEST_F(LogLineTest, WhatIsReadIsWrittenAsItWas) {
  EXPECT_TRUE(is_kept(lines_[0])) << lines_[0];
  EXPECT_TRUE(is_kept(lines_[1])) << lines_[1];
  EXPECT_TRUE(is_kept(text_of(ExportLine{log_.clock.now(), {{0, 1, 7}, {3, 2, 9}}})));
}

TEST_F(LogLineTest, ARecordHasTheBytesOfItsBody) {
  const auto line = std::get<RecordLine>(value_of(parse_log_line(lines_[0])));
  const auto row =
      value_of(log_.store->read([](store::Reader& rows) { return store::list_audit(rows, 0, 1); }));
  EXPECT_EQ(line.body, row.front().body);
  EXPECT_EQ(line.place, 1);
  EXPECT_EQ(line.previous, store::Hash{});
  EXPECT_EQ(line.link, row.front().link);
}

TEST_F(LogLineTest, ALineThatIsTooLongLeavesTheBodyOut) {
  const auto line = std::get<RecordLine>(value_of(parse_log_line(lines_[0])));
  EXPECT_EQ(text_of(line, lines_[0].size()), lines_[0]);
  const std::string cut = text_of(line, lines_[0].size() - 1);
  EXPECT_LT(cut.size(), 300u);
  EXPECT_FALSE(std::get<RecordLine>(value_of(parse_log_line(cut))).body);
}

TEST_F(LogLineTest, AnythingElseIsNoLine) {
  const std::string& record = lines_[0];
  for (const std::string& line :
       {std::string(),
        std::string("{}"),
        std::string("[]"),
        std::string("x"),
        record.substr(0, record.size() - 1),
        " " + record,
        record + "x",
        replaced(record, R"("node":0)", R"("node":00)"),
        replaced(record, R"("node":0)", R"("node":-1)"),
        replaced(record, R"("node":0)", R"("node":99999999999)"),
        replaced(record, R"("sequence":1)", R"("sequence":0)"),
        replaced(record, R"("previous":"0)", R"("previous":"g)"),
        replaced(record, R"("sha256":")", R"("sha256":"00)"),
        replaced(record, R"("record":)", R"("recorded":)"),
        replaced(lines_[1], R"("certificates":[)", R"("certificates":["AAAA",)"),
        replaced(lines_[1], R"("signature":")", R"("signature":"!)"),
        replaced(lines_[1], R"("link":")", R"("link":"00)"),
        replaced(lines_[1], R"("sequence":1)", R"("sequence":"1")"),
        std::string(R"({"export":{"time":"now","nodes":[]}})"),
        std::string(R"({"export":{"time":"2026-11-22T09:00:00Z","nodes":[{"node":0}]}})")}) {
    EXPECT_FALSE(parse_log_line(line)) << line;
  }
}

}  // namespace
}  // namespace hallmark::audit
