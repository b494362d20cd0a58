#include "store/audit_checkpoints.h"

#include "store/conformance_test.h"
#include "store/driver.h"
#include "store/keys.h"

namespace hallmark::store {
namespace {

class AuditCheckpoints : public EachEngine {
 protected:
  void SetUp() override {
    CertificateRow row;
    row.id = certificate_;
    row.role = CertificateRole::audit;
    ASSERT_TRUE(write([&](Transaction& tx) { return insert_certificate(tx, row); }));
  }
  AuditCheckpoint checkpoint(std::int64_t place) const {
    return {.place = place,
            .link = hash_of(std::uint8_t(place)),
            .signed_at = from_unix_millis(1000 + place),
            .certificate = certificate_,
            .signature = {1, 2, 3}};
  }
  void insert(std::int64_t place) {
    ASSERT_TRUE(write([&](Transaction& tx) { return insert_checkpoint(tx, checkpoint(place)); }));
  }

  const Uuid certificate_ = {.bytes = {7}};
};
INSTANTIATE_TEST_SUITE_P(Engines, AuditCheckpoints, testing::ValuesIn(engines()), engine_name);

TEST_P(AuditCheckpoints, AreFoundAsTheyWereWritten) {
  insert(5);
  insert(9);
  const auto all = *read([](Reader& rows) { return list_checkpoints(rows, 0, 10); });
  ASSERT_EQ(all.size(), 2u);
  EXPECT_EQ(all[0].place, 5);
  EXPECT_EQ(all[1].link, hash_of(9));
  EXPECT_EQ(all[1].signed_at, from_unix_millis(1009));
  EXPECT_EQ(all[1].certificate, certificate_);
  EXPECT_EQ(all[1].signature, (Bytes{1, 2, 3}));
  EXPECT_EQ(read([](Reader& rows) { return list_checkpoints(rows, 5, 10); })->size(), 1u);
  EXPECT_EQ(read([](Reader& rows) { return list_checkpoints(rows, 0, 1); })->size(), 1u);
}

TEST_P(AuditCheckpoints, TheNewestIsThatOfItsNode) {
  insert(5);
  insert(audit_place(2, 3));
  EXPECT_EQ((*read([](Reader& rows) { return find_newest_checkpoint(rows, 0); }))->place, 5);
  EXPECT_EQ((*read([](Reader& rows) { return find_newest_checkpoint(rows, 2); }))->place,
            audit_place(2, 3));
  EXPECT_FALSE(*read([](Reader& rows) { return find_newest_checkpoint(rows, 1); }));
}

TEST_P(AuditCheckpoints, ARecordHasOne) {
  insert(5);
  const auto error = refusal([&](Transaction& tx) { return insert_checkpoint(tx, checkpoint(5)); });
  EXPECT_EQ(error.kind, ErrorKind::conflict);
}

TEST_P(AuditCheckpoints, NodesAreThoseOfRecordsAndOfCheckpoints) {
  EXPECT_TRUE(read([](Reader& rows) { return list_audit_nodes(rows); })->empty());
  insert(audit_place(7, 3));
  insert(audit_place(9, 1));
  EXPECT_EQ(*read([](Reader& rows) { return list_audit_nodes(rows); }),
            (std::vector<std::int64_t>{7, 9}));
}

TEST_P(AuditCheckpoints, TheEndIsTheLastRecordOfTheNode) {
  ASSERT_TRUE(write(
      [&](Transaction& tx) { return append_audit(tx, {.body = "one", .body_hash = hash_of(1)}); }));
  std::int64_t node = -1;
  ASSERT_TRUE(write([&](Transaction& tx) -> Result<void> {
    node = this_node(tx);
    return {};
  }));
  const auto end = *read([&](Reader& rows) { return find_audit_end(rows, node); });
  EXPECT_EQ(end.sequence, 1);
  EXPECT_EQ(end.link, test_link(Hash{}, hash_of(1)));
  EXPECT_EQ(read([&](Reader& rows) { return find_audit_end(rows, node + 1); })->sequence, 0);
}

TEST_P(AuditCheckpoints, ACopyIsWhereItWasPutLast) {
  std::int64_t node = -1;
  const auto put = [&](AuditCursor cursor) {
    ASSERT_TRUE(write([&, cursor](Transaction& tx) {
      node = this_node(tx);
      return put_audit_cursor(tx, "file", cursor);
    }));
  };
  put({3, 2});
  put({8, 5});
  const auto cursor = *read([&](Reader& rows) { return find_audit_cursor(rows, node, "file"); });
  EXPECT_EQ(cursor.record, 8);
  EXPECT_EQ(cursor.checkpoint, 5);
  const auto other = *read([&](Reader& rows) { return find_audit_cursor(rows, node, "syslog"); });
  EXPECT_EQ(other.record, audit_place(node, 0));
}

}  // namespace
}  // namespace hallmark::store
