#include "identity/session_record.h"

#include <gtest/gtest.h>

#include "base/test_support.h"

namespace hallmark::identity {
namespace {

SessionRecord record() {
  test::CountingRandom random;
  return {.secret_access_key = Secret(bytes_of("secret")),
          .role = Uuid::v7(from_unix_seconds(1), random),
          .chain = {Uuid::v7(from_unix_seconds(2), random), Uuid::v7(from_unix_seconds(3), random)},
          .name = "build",
          .parent_access_key_id = "AKIAPARENT",
          .parent_unique_id = "AIDAPARENT",
          .policy = "{}",
          .issued_at = from_unix_millis(1'795'338'000'123),
          .expires_at = from_unix_millis(1'795'341'600'000)};
}

TEST(SessionRecord, IsReadAsItWasWritten) {
  const SessionRecord written = record();
  const auto read = decode_session(encode(written).reveal());
  ASSERT_TRUE(read);
  EXPECT_TRUE(read->secret_access_key == written.secret_access_key);
  EXPECT_EQ(read->role, written.role);
  EXPECT_EQ(read->chain, written.chain);
  EXPECT_EQ(read->name, written.name);
  EXPECT_EQ(read->parent_access_key_id, written.parent_access_key_id);
  EXPECT_EQ(read->parent_unique_id, written.parent_unique_id);
  EXPECT_EQ(read->policy, written.policy);
  EXPECT_EQ(read->issued_at, written.issued_at);
  EXPECT_EQ(read->expires_at, written.expires_at);
}

TEST(SessionRecord, MayHaveEmptyFields) {
  const auto read = decode_session(encode({}).reveal());
  ASSERT_TRUE(read);
  EXPECT_FALSE(read->role);
  EXPECT_EQ(read->policy, "");
}

TEST(SessionRecord, KeepsLongFields) {
  SessionRecord written = record();
  written.policy = std::string(4096, 'x');
  EXPECT_EQ(decode_session(encode(written).reveal())->policy, written.policy);
}

TEST(SessionRecord, ThatIsCutOffIsNone) {
  const Secret whole = encode(record());
  for (std::size_t size = 0; size < whole.size(); ++size) {
    EXPECT_FALSE(decode_session(whole.reveal().first(size))) << size;
  }
}

TEST(SessionRecord, WithSomethingAfterItIsNone) {
  Bytes longer = copy_of(encode(record()).reveal());
  longer.push_back(0);
  EXPECT_FALSE(decode_session(longer));
}

TEST(SessionRecord, OfAnotherVersionIsNone) {
  Bytes other = copy_of(encode(record()).reveal());
  other[0] = 2;
  EXPECT_FALSE(decode_session(other));
}

}  // namespace
}  // namespace hallmark::identity
