#include "audit/log_check.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <thread>

#include "audit/checkpoint.h"
#include "audit/log_reader.h"
#include "audit/test_log.h"
#include "crypto/digest.h"

namespace hallmark::audit {
namespace {

using hallmark::test::error_of;
using test::expect_done;
using test::TestAuditKey;
using test::value_of;

using Lines = std::vector<std::string>;

class LogCheckTest : public testing::Test {
 protected:
  // Ten records, with a checkpoint after the fourth and after the eighth.
  LogCheckTest() {
    log_.append(4);
    log_.checkpoint();
    log_.append(4);
    log_.checkpoint();
    log_.append(2);
    lines_ = log_.lines();
  }

  Result<std::vector<NodeSummary>> judge(const Lines& lines, LogRules rules = {}) {
    if (rules.roots.empty()) rules.roots = {log_.key.root};
    LogReader reader(std::move(rules));
    for (const std::string& line : lines) TRY(reader.take(bytes_of(line + "\n")));
    return reader.finish();
  }
  std::string fault(const Lines& lines, LogRules rules = {}) {
    return error_of(judge(lines, std::move(rules))).message;
  }
  static std::string replaced(std::string text, std::string_view from, std::string_view to) {
    const std::size_t at = text.find(from);
    EXPECT_NE(at, text.npos);
    return text.replace(at, from.size(), to);
  }

  test::TestLog log_;
  Lines lines_;  // records 1 to 4, checkpoint, 5 to 8, checkpoint, 9 and 10
};

TEST_F(LogCheckTest, ALogAsItWasWrittenIsSound) {
  const auto nodes = value_of(judge(lines_));
  ASSERT_EQ(nodes.size(), 1u);
  EXPECT_EQ(nodes[0].first, 1);
  EXPECT_EQ(nodes[0].last, 10);
  EXPECT_EQ(nodes[0].checkpoints, 2);
  EXPECT_EQ(nodes[0].checkpointed, 8);
}

TEST_F(LogCheckTest, ItMayComeInPiecesOfAnySize) {
  std::string text;
  for (const std::string& line : lines_) text += line + "\n";
  LogReader reader({.roots = {log_.key.root}});
  for (std::size_t at = 0; at < text.size(); at += 7) {
    expect_done(reader.take(bytes_of(std::string_view(text).substr(at, 7))));
  }
  EXPECT_EQ(value_of(reader.finish()).front().last, 10);
}

TEST_F(LogCheckTest, AnEditedRecordIsNamed) {
  lines_[2] = replaced(lines_[2], "Event3", "Evenl3");
  EXPECT_EQ(fault(lines_), "line 3: node 0, record 3: it is not what was written");
}

TEST_F(LogCheckTest, AnEditedRecordWithAHashThatFitsIsNamed) {
  auto line = std::get<RecordLine>(value_of(parse_log_line(lines_[2])));
  line.body = "{}";
  line.body_hash = crypto::sha256(bytes_of(*line.body));
  lines_[2] = text_of(line);
  EXPECT_EQ(fault(lines_), "line 3: node 0, record 3: it is not what was written");
}

TEST_F(LogCheckTest, AnEditedRecordWithALinkThatFitsIsFoundAtTheNextOne) {
  auto line = std::get<RecordLine>(value_of(parse_log_line(lines_[2])));
  line.body = "{}";
  line.body_hash = crypto::sha256(bytes_of(*line.body));
  line.link = link(line.previous, line.body_hash);
  lines_[2] = text_of(line);
  EXPECT_EQ(fault(lines_), "line 4: node 0, record 4: it does not follow from the one before");
}

TEST_F(LogCheckTest, AChainThatIsMadeAnewHasNoCheckpointThatFits) {
  store::Hash previous = {};
  for (std::string& text : lines_) {
    auto parsed = value_of(parse_log_line(text));
    if (auto* const record = std::get_if<RecordLine>(&parsed)) {
      if (store::sequence_of(record->place) == 2) record->body = R"({"forged":true})";
      record->body_hash = crypto::sha256(bytes_of(*record->body));
      record->previous = previous;
      record->link = previous = link(record->previous, record->body_hash);
      text = text_of(*record);
    }
  }
  EXPECT_EQ(fault(lines_),
            "line 5: node 0, record 4: its checkpoint does not hold: the record is another");
  lines_.erase(lines_.begin() + 9);
  lines_.erase(lines_.begin() + 4);
  EXPECT_EQ(fault(lines_), "node 0, record 1: no checkpoint vouches for it, nor for any after it");
}

TEST_F(LogCheckTest, ARemovedRecordIsNamed) {
  lines_.erase(lines_.begin() + 1);
  EXPECT_EQ(fault(lines_), "line 2: node 0, record 2: it is missing");
}

TEST_F(LogCheckTest, ARemovedFirstRecordIsNamed) {
  lines_.erase(lines_.begin());
  EXPECT_EQ(fault(lines_), "line 1: node 0, record 1: it is missing");
}

TEST_F(LogCheckTest, ACutThatLeavesACheckpointIsFound) {
  lines_.erase(lines_.begin() + 7, lines_.begin() + 9);  // 7 and 8, before their checkpoint
  lines_.resize(8);
  EXPECT_EQ(fault(lines_),
            "line 8: node 0, record 7: it is missing, and a checkpoint says that it was");
}

TEST_F(LogCheckTest, AnExportSaysWhatFollowsItsFirstLine) {
  lines_.insert(lines_.begin(), text_of(ExportLine{log_.clock.now(), {{0, 1, 10}}}));
  expect_done(judge(lines_) ? Result<void>() : judge(lines_).error());
  lines_.pop_back();
  EXPECT_EQ(fault(lines_), "node 0, record 10: it is missing");
}

TEST_F(LogCheckTest, ReorderedRecordsAreNamed) {
  std::swap(lines_[1], lines_[2]);
  EXPECT_EQ(fault(lines_), "line 2: node 0, record 2: it is missing");
}

TEST_F(LogCheckTest, AnInsertedRecordIsNamed) {
  auto forged = std::get<RecordLine>(value_of(parse_log_line(lines_[2])));
  forged.body = "{}";
  forged.body_hash = crypto::sha256(bytes_of(*forged.body));
  forged.link = link(forged.previous, forged.body_hash);
  lines_.insert(lines_.begin() + 3, text_of(forged));
  EXPECT_EQ(fault(lines_), "line 4: node 0, record 3: it stands after records that come later");
}

TEST_F(LogCheckTest, ALineThatComesTwiceIsNamedUnlessItMay) {
  lines_.insert(lines_.begin() + 3, lines_[2]);
  EXPECT_EQ(fault(lines_), "line 4: node 0, record 3: it stands after records that come later");
  EXPECT_TRUE(judge(lines_, {.repeats = Repeats::allowed}));
}

TEST_F(LogCheckTest, APartBeginsWhereItIsSaidTo) {
  lines_.erase(lines_.begin(), lines_.begin() + 2);
  EXPECT_EQ(value_of(judge(lines_, {.first = 3})).front().first, 3);
  EXPECT_FALSE(judge(lines_));
  EXPECT_FALSE(judge(lines_, {.first = 2}));
}

TEST_F(LogCheckTest, TheFirstRecordOfAPartIsCheckedToo) {
  lines_.erase(lines_.begin(), lines_.begin() + 2);
  lines_[0] = replaced(lines_[0], "Event3", "Evenl3");
  EXPECT_EQ(fault(lines_, {.first = 3}), "line 1: node 0, record 3: it is not what was written");
}

TEST_F(LogCheckTest, ARecordWhoseBodyIsLeftOutIsTakenOnlyWhereThatIsSaid) {
  const auto record = std::get<RecordLine>(value_of(parse_log_line(lines_[2])));
  lines_[2] = text_of(record, 10);
  EXPECT_NE(lines_[2].find("\"omitted\":"), std::string::npos);
  EXPECT_TRUE(judge(lines_, {.omitted = Omitted::allowed}));
  EXPECT_EQ(fault(lines_), "line 3: node 0, record 3: its text was left out");
}

TEST_F(LogCheckTest, ACheckpointThatIsChangedDoesNotHold) {
  auto line = std::get<CheckpointLine>(value_of(parse_log_line(lines_[4])));
  line.checkpoint.signed_at += std::chrono::seconds(1);
  lines_[4] = text_of(line);
  EXPECT_EQ(fault(lines_),
            "line 5: node 0, record 4: its checkpoint does not hold: the signature is not that of "
            "its certificate's key");
}

TEST_F(LogCheckTest, ACheckpointOfAnotherAuthorityDoesNotHold) {
  const TestAuditKey other(*log_.store);
  EXPECT_NE(fault(lines_, {.roots = {other.root}}).find("line 5: node 0, record 4: its checkpoint"),
            std::string::npos);
}

TEST_F(LogCheckTest, ACheckpointByAKeyForCodeDoesNotHold) {
  TestAuditKey other(*log_.store, "Hallmark audit", crypto::CertificateShape::code_signing_leaf);
  auto line = std::get<CheckpointLine>(value_of(parse_log_line(lines_[4])));
  const auto digest = crypto::sha384(bytes_of(checkpoint_text(line.checkpoint)));
  line.checkpoint.signature = value_of(other.sign(digest)).signature;
  line.chain = {other.leaf, other.root};
  lines_[4] = text_of(line);
  EXPECT_NE(fault(lines_, {.roots = {other.root}}).find("not one of the audit log"),
            std::string::npos);
}

TEST_F(LogCheckTest, AnotherNameThanThatOfTheAuditLogDoesNotHold) {
  TestAuditKey other(*log_.store, "Release");
  auto line = std::get<CheckpointLine>(value_of(parse_log_line(lines_[4])));
  const auto digest = crypto::sha384(bytes_of(checkpoint_text(line.checkpoint)));
  line.checkpoint.signature = value_of(other.sign(digest)).signature;
  line.chain = {other.leaf, other.root};
  EXPECT_FALSE(check_checkpoint(line.checkpoint, line.chain, {}));
}

TEST_F(LogCheckTest, ACheckpointMayComeALittleAfterItsRecord) {
  Lines later = log_.lines();
  std::rotate(later.begin() + 4, later.begin() + 5, later.begin() + 8);
  EXPECT_TRUE(judge(later));
}

TEST_F(LogCheckTest, NothingAtAllIsNoLog) { EXPECT_EQ(fault({}), "there is no line"); }

TEST_F(LogCheckTest, ALineThatIsNotWholeIsNamed) {
  LogReader reader({});
  expect_done(reader.take(bytes_of(lines_[0])));
  EXPECT_EQ(error_of(reader.finish()).message, "line 1: it is not whole");
}

TEST_F(LogCheckTest, AStoreThatLacksWhatACheckpointVouchesForIsFound) {
  const auto path = log_.folder.path() / "store.db";
  log_.store->close();
  const auto done =
      hallmark::test::run("sqlite3 " + path.string() + " 'DELETE FROM audit WHERE sequence > 6'");
  ASSERT_EQ(done.status, 0) << done.output;
  const auto store = value_of(store::open_sqlite(path, link));
  EXPECT_EQ(error_of(find_stretches(*store, {})).message,
            "node 0, record 7: it is missing, and a checkpoint says that it was");
}

TEST_F(LogCheckTest, ARangeIsCutByNumbersAndByTimes) {
  const auto numbers = value_of(find_stretches(
      *log_.store, {.from = LogBound{std::int64_t(3)}, .to = LogBound{std::int64_t(5)}}));
  EXPECT_EQ(numbers, (std::vector<ExportLine::Stretch>{{0, 3, 5}}));
  // One record a second, the first at 09:00:01.123.
  const auto from = value_of(LogBound::parse("2026-11-22T09:00:04Z"));
  const auto to = value_of(LogBound::parse("2026-11-22T09:00:06.123Z"));
  EXPECT_EQ(value_of(find_stretches(*log_.store, {.from = from, .to = to})),
            (std::vector<ExportLine::Stretch>{{0, 4, 6}}));
  EXPECT_TRUE(value_of(find_stretches(*log_.store, {.node = 7})).empty());
  const Lines part = log_.lines({.from = from});
  EXPECT_NE(part[0].find("Event4"), std::string::npos);
  EXPECT_TRUE(judge(part, {.first = 4}));
}

TEST_F(LogCheckTest, ABoundIsANumberOrATime) {
  EXPECT_TRUE(LogBound::parse("1"));
  EXPECT_TRUE(LogBound::parse("2026-11-22T09:00:00Z"));
  for (const char* text : {"", "0", "-1", "1x", "2026-11-22", "yesterday"}) {
    EXPECT_FALSE(LogBound::parse(text)) << text;
  }
}

TEST_F(LogCheckTest, WithoutANewRecordThereIsNoCheckpoint) {
  EXPECT_TRUE(value_of(log_.checkpointer.make()));
  EXPECT_FALSE(value_of(log_.checkpointer.make()));
}

TEST_F(LogCheckTest, TheCheckpointerMakesTheFirstAtOnceAndTheLastAtTheEnd) {
  log_.checkpointer.start();
  const auto covered = [&] {
    return value_of(log_.store->read(
                        [](store::Reader& rows) { return store::find_newest_checkpoint(rows, 0); }))
        ->place;
  };
  while (covered() < 10) std::this_thread::yield();
  log_.append(1);
  log_.checkpointer.stop();
  EXPECT_EQ(covered(), 11);
}

}  // namespace
}  // namespace hallmark::audit
