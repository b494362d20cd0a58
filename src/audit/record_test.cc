#include "audit/record.h"

#include <gtest/gtest.h>

#include "access/test_caller.h"
#include "base/encoding.h"
#include "crypto/digest.h"

namespace hallmark::audit {
namespace {

using test::error_of;
using test::expect_done;
using test::value_of;

struct TestCall {
  static constexpr std::string_view action = "signer:PutSigningProfile";
  std::string name = "Release";

  std::vector<access::Need> needs(const access::Principal&) const { return {}; }
  void describe(JsonWriter& json) const { json.member("profileName", name); }
};

class NoBuckets final : public access::BucketOwners {
 public:
  Result<std::optional<std::string>> find_bucket_owner(std::string_view) override {
    return std::optional<std::string>();
  }
};

class AuditTest : public testing::Test {
 protected:
  AuditTest() { open(); }

  void open() { store_ = value_of(store::open_sqlite(path_, link)); }
  access::Permitted<TestCall> permitted(const TestCall& call = {}) {
    return permitted(access::test::caller(), call);
  }
  access::Permitted<TestCall> permitted(access::Caller caller, const TestCall& call = {}) {
    return value_of(access::Authorizer(*store_, buckets_, {}).permit(std::move(caller), call));
  }
  // What the record of a call says of the caller.
  static std::string identity_in(const store::AuditRecord& record) {
    const std::size_t from = record.body.find(R"("userIdentity":)");
    return record.body.substr(from, record.body.find(R"(,"eventTime")") - from);
  }
  void append(const store::AuditRecord& record) {
    expect_done(
        store_->write([&](store::Transaction& tx) { return store::append_audit(tx, record); }));
  }
  void append_events(int count) {
    for (int i = 1; i <= count; ++i) {
      append(record_event("Event" + std::to_string(i), clock_.now(), {}, {}));
    }
  }
  // Changes the file behind the store's back.
  void tamper(const std::string& sql) {
    store_->close();
    store_.reset();
    const auto done = test::run("sqlite3 " + path_.string() + " \"" + sql + "\"");
    ASSERT_EQ(done.status, 0) << done.output;
    open();
  }
  std::string fault() { return error_of(check_records(*store_)).message; }

  test::TemporaryFolder folder_;
  std::filesystem::path path_ = folder_.path() / "store.db";
  test::TestClock clock_;
  NoBuckets buckets_;
  std::unique_ptr<store::Store> store_;
};

JsonDocument parsed(const store::AuditRecord& record) {
  return value_of(JsonDocument::parse(record.body));
}

TEST_F(AuditTest, ARecordSaysWhoDidWhatAndWhenInTheShapeOfCloudTrail) {
  const auto made = record(permitted(), {}, {{"arn", "arn:x"}});
  EXPECT_EQ(
      made.body,
      R"({"eventVersion":"1.11","userIdentity":{"type":"IAMUser","principalId":"AIDAALICE",)"
      R"("arn":"arn:aws:iam::111122223333:user/alice","accountId":"111122223333",)"
      R"("accessKeyId":"AKIAALICE","userName":"alice"},"eventTime":"2026-11-22T09:00:00Z",)"
      R"("eventSource":"signer.amazonaws.com","eventName":"PutSigningProfile",)"
      R"("awsRegion":"us-east-1","sourceIPAddress":"192.0.2.7","userAgent":"aws-cli/2.15",)"
      R"("requestParameters":{"profileName":"Release"},"responseElements":{"arn":"arn:x"},)"
      R"("requestID":"0192f0c1-0000-7000-8000-000000000001",)"
      R"("eventID":"1389baa2-9778-89a7-87ad-d6755e050c30","readOnly":false,"eventType":"AwsApiCall",)"
      R"("managementEvent":true,"recipientAccountId":"111122223333",)"
      R"("eventCategory":"Management"})");
}

TEST_F(AuditTest, AReadSaysThatItChangedNothing) {
  const auto document = parsed(record_read(permitted(), {}));
  const auto root = value_of(document.root().object());
  EXPECT_EQ(value_of(root.find_boolean("readOnly")), true);
  EXPECT_FALSE(root.find("responseElements"));  // null
}

TEST_F(AuditTest, AnEventConcernsTheAccountThatItNames) {
  const auto document = parsed(record_event("SignObject", clock_.now(), {}, {{"jobOwner", "1"}}));
  EXPECT_EQ(value_of(value_of(document.root().object()).get_text("recipientAccountId")), "1");
}

TEST_F(AuditTest, ASessionNamesTheRoleThatItIsOf) {
  access::Principal role = *access::test::user({});
  role.type = access::PrincipalType::role;
  role.arn = "arn:aws:sts::111122223333:assumed-role/Signer/build-7";
  role.unique_id = "AROASIGNER:build-7";
  role.role_arn = "arn:aws:iam::111122223333:role/Signer";
  role.name = "";
  const auto session = std::make_shared<const access::Session>(
      access::Session{{}, value_of(from_rfc3339("2026-11-22T08:59:00Z")), clock_.now()});
  const auto made = record(
      permitted(access::test::caller(std::make_shared<const access::Principal>(role), session)), {},
      {});
  EXPECT_EQ(identity_in(made),
            R"("userIdentity":{"type":"AssumedRole","principalId":"AROASIGNER:build-7",)"
            R"("arn":"arn:aws:sts::111122223333:assumed-role/Signer/build-7",)"
            R"("accountId":"111122223333","accessKeyId":"AKIAALICE","sessionContext":)"
            R"({"sessionIssuer":{"type":"Role","principalId":"AROASIGNER",)"
            R"("arn":"arn:aws:iam::111122223333:role/Signer","accountId":"111122223333",)"
            R"("userName":"Signer"},"attributes":{"creationDate":"2026-11-22T08:59:00Z",)"
            R"("mfaAuthenticated":"false"}}})");
}

TEST_F(AuditTest, ARecordOfTheServiceItselfNamesNoUser) {
  const auto made = record_event("SignObject", value_of(from_rfc3339("2026-11-22T09:00:00.5Z")),
                                 {.partition = "aws", .region = "eu-west-1"}, {{"jobId", "7"}});
  EXPECT_EQ(made.body,
            R"({"eventVersion":"1.11","userIdentity":{"type":"AWSService",)"
            R"("invokedBy":"signer.amazonaws.com"},"eventTime":"2026-11-22T09:00:00.500Z",)"
            R"("eventSource":"signer.amazonaws.com","eventName":"SignObject",)"
            R"("awsRegion":"eu-west-1","sourceIPAddress":"signer.amazonaws.com",)"
            R"("userAgent":"signer.amazonaws.com","requestParameters":null,)"
            R"("responseElements":{"jobId":"7"},"eventID":"f4a1f688-89e7-8686-afc7-08193effa9d3",)"
            R"("readOnly":false,"eventType":"AwsServiceEvent","managementEvent":true,)"
            R"("eventCategory":"Management"})");
}

TEST_F(AuditTest, NothingInAParameterEndsItsText) {
  const std::string hostile = "\",\"eventName\":\"Other\"}\n\x01\xff\\";
  const auto document = parsed(record(permitted({.name = hostile}), {}, {{"x", hostile}}));
  const auto root = value_of(document.root().object());
  EXPECT_EQ(value_of(root.get_text("eventName")), "PutSigningProfile");
  const auto name =
      value_of(value_of(root.get_object("requestParameters")).get_text("profileName"));
  EXPECT_TRUE(name.starts_with("\",\"eventName\":\"Other\"}\n\x01"));
}

TEST_F(AuditTest, TheHashOfARecordIsThatOfItsBody) {
  const auto made = record(permitted(), {}, {});
  EXPECT_EQ(made.body_hash, crypto::sha256(bytes_of(made.body)));
}

TEST_F(AuditTest, TheLinkHashesThePreviousLinkAndTheRecord) {
  store::Hash zeros = {};
  store::Hash ones;
  ones.fill(1);
  // printf '\0…\0\1…\1' (32 of each) | sha256sum
  EXPECT_EQ(to_hex(link(zeros, ones)),
            "5c85955f709283ecce2b74f1b1552918819f390911816e7bb466805a38ab87f3");
}

TEST_F(AuditTest, TheLinkDependsOnTheOrder) {
  store::Hash zeros = {};
  store::Hash ones;
  ones.fill(1);
  EXPECT_NE(link(zeros, ones), link(ones, zeros));
}

TEST_F(AuditTest, AnEmptyChainIsSound) { expect_done(check_records(*store_)); }

TEST_F(AuditTest, AChainOverSeveralReadsIsSound) {
  std::vector<store::AuditRecord> records;
  for (int i = 0; i < 1001; ++i) records.push_back(record_event("Event", clock_.now(), {}, {}));
  expect_done(store_->write([&](store::Transaction& tx) -> Result<void> {
    for (const auto& one : records) TRY(store::append_audit(tx, one));
    return {};
  }));
  expect_done(check_records(*store_));
}

TEST_F(AuditTest, AnEditedRecordIsFound) {
  append_events(3);
  tamper("UPDATE audit SET body = replace(body, 'Event2', 'Evenl2') WHERE sequence = 2");
  EXPECT_EQ(fault(), "audit record 2 is not what was written");
}

TEST_F(AuditTest, AnEditedRecordWithAHashThatFitsIsFound) {
  append_events(3);
  const auto forged = record_event("Forged", clock_.now(), {}, {});
  tamper("UPDATE audit SET body = replace(body, 'Event2', 'Forged'), body_hash = X'" +
         to_hex(forged.body_hash) + "' WHERE sequence = 2");
  EXPECT_EQ(fault(), "audit record 2 is not what was written");
}

TEST_F(AuditTest, ARemovedRecordIsFound) {
  append_events(3);
  tamper("DELETE FROM audit WHERE sequence = 2");
  EXPECT_EQ(fault(), "audit record 2 is not what was written");
}

TEST_F(AuditTest, ARemovedFirstRecordIsFound) {
  append_events(3);
  tamper("DELETE FROM audit WHERE sequence = 1");
  EXPECT_EQ(fault(), "audit record 1 is not what was written");
}

TEST_F(AuditTest, ARemovedRecordIsFoundWhenTheOthersMoveUp) {
  append_events(3);
  tamper("DELETE FROM audit WHERE sequence = 2; UPDATE audit SET sequence = 2 WHERE sequence = 3");
  EXPECT_EQ(fault(), "audit record 2 is not what was written");
}

TEST_F(AuditTest, ReorderedRecordsAreFound) {
  append_events(3);
  tamper(
      "UPDATE audit SET sequence = 9 WHERE sequence = 1; "
      "UPDATE audit SET sequence = 1 WHERE sequence = 2; "
      "UPDATE audit SET sequence = 2 WHERE sequence = 9");
  EXPECT_EQ(fault(), "audit record 1 is not what was written");
}

TEST_F(AuditTest, AnInsertedRecordIsFound) {
  append_events(2);
  tamper("INSERT INTO audit SELECT 3, body, body_hash, link FROM audit WHERE sequence = 2");
  EXPECT_EQ(fault(), "audit record 3 is not what was written");
}

}  // namespace
}  // namespace hallmark::audit
