#include "audit/reads.h"

#include <algorithm>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "access/test_caller.h"

namespace hallmark::audit {
namespace {

using test::value_of;

struct Look {
  static constexpr std::string_view action = "signer:GetSigningProfile";

  std::vector<access::Need> needs(const access::Principal&) const { return {}; }
  void describe(JsonWriter& json) const { json.member("profileName", "Release"); }
};

struct FrequentLook {
  static constexpr std::string_view action = "signer:GetRevocationStatus";
  static constexpr bool is_recorded = false;

  std::vector<access::Need> needs(const access::Principal&) const { return {}; }
  void describe(JsonWriter&) const {}
};

class NoBuckets final : public access::BucketOwners {
 public:
  Result<std::optional<std::string>> find_bucket_owner(std::string_view) override {
    return std::optional<std::string>();
  }
};

class ReadsTest : public testing::Test {
 protected:
  template <access::Call C>
  access::Permitted<C> permitted(const C& call) {
    return value_of(access::Authorizer(*store_, buckets_, {}).permit(access::test::caller(), call));
  }
  access::Permitted<Look> permitted_to(std::string_view account) {
    const auto user =
        access::test::user({access::test::allow_everything}, access::test::account(account));
    return value_of(
        access::Authorizer(*store_, buckets_, {}).permit(access::test::caller(user), Look{}));
  }
  // What was written. A write waits for those before it; two, because one that follows another is
  // queued when that is done.
  std::vector<store::AuditRow> written() {
    for (int i = 0; i < 2; ++i) {
      test::expect_done(store_->write([](store::Transaction&) { return Result<void>(); }));
    }
    return value_of(
        store_->read([](store::Reader& rows) { return store::list_audit(rows, 0, 10'000); }));
  }
  // Writes nothing until it is over.
  template <class During>
  void while_the_writer_is_busy(During during) {
    test::expect_done(store_->write([&](store::Transaction&) {
      during();
      return Result<void>();
    }));
  }

  test::TemporaryFolder folder_;
  NoBuckets buckets_;
  std::unique_ptr<store::Store> store_ =
      value_of(store::open_sqlite(folder_.path() / "store.db", link));
  Reads reads_{*store_, {}, Recording::on};
};

TEST_F(ReadsTest, AReadLeavesARecordOfWhoAskedForWhat) {
  reads_.note(permitted(Look{}), Space::enough);
  const auto rows = written();
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_NE(rows[0].body.find(R"("eventName":"GetSigningProfile")"), std::string::npos);
  EXPECT_NE(rows[0].body.find(R"("requestParameters":{"profileName":"Release"})"),
            std::string::npos);
  EXPECT_NE(rows[0].body.find(R"("arn":"arn:aws:iam::111122223333:user/alice")"),
            std::string::npos);
  test::expect_done(check_records(*store_));
}

TEST_F(ReadsTest, WhatIsAskedTooOftenLeavesNone) {
  reads_.note(permitted(FrequentLook{}), Space::enough);
  EXPECT_TRUE(written().empty());
}

TEST_F(ReadsTest, BeyondWhatMayWaitReadsAreOnlyCounted) {
  const auto look = permitted(Look{});
  while_the_writer_is_busy([&] {
    // The first is on its way to the writer, and the others wait for it.
    for (std::size_t i = 0; i < 1 + reads_waiting_max + 7; ++i) reads_.note(look, Space::enough);
  });
  const auto rows = written();
  ASSERT_EQ(rows.size(), 1 + reads_waiting_max + 1);
  EXPECT_NE(rows.back().body.find(R"("eventName":"ReadsNotRecorded")"), std::string::npos);
  EXPECT_NE(rows.back().body.find(R"("count":"7")"), std::string::npos);
}

TEST_F(ReadsTest, BeyondTheSecondBoundThoseOfAccountsSharesAreOnlyCountedToo) {
  constexpr std::size_t accounts = shared_reads_waiting_max / account_reads_recorded_per_second + 2;
  std::vector<access::Permitted<Look>> looks;
  for (std::size_t i = 0; i < accounts; ++i) {
    looks.push_back(permitted_to(fmt::format("{:012}", i + 1)));
  }
  while_the_writer_is_busy([&] {
    for (const auto& look : looks) {
      for (std::size_t i = 0; i < account_reads_recorded_per_second; ++i) {
        reads_.note(look, Space::enough);
      }
    }
  });
  EXPECT_EQ(written().size(), 1 + shared_reads_waiting_max + 1);
}

TEST_F(ReadsTest, InOneSecondABoundedNumberIsRecorded) {
  const auto look = permitted(Look{});
  for (std::size_t i = 0; i < reads_recorded_per_second + 10; ++i) {
    reads_.note(look, Space::enough);
    if (i % 100 == 0) written();  // so that none has to wait too long
  }
  EXPECT_LE(written().size(), reads_recorded_per_second + 1);
}

TEST_F(ReadsTest, AFloodOfOneAccountHidesNoReadsOfAnother) {
  const auto flood = permitted(Look{});
  const auto other = permitted_to("444455556666");
  while_the_writer_is_busy([&] {
    for (std::size_t i = 0; i < 2 * reads_recorded_per_second; ++i) {
      reads_.note(flood, Space::enough);
    }
    for (std::size_t i = 0; i < account_reads_recorded_per_second + 3; ++i) {
      reads_.note(other, Space::enough);
    }
  });
  const auto rows = written();
  const auto others = std::ranges::count_if(rows, [](const store::AuditRow& row) {
    return row.body.find(R"("recipientAccountId":"444455556666")") != row.body.npos;
  });
  EXPECT_EQ(others, std::ptrdiff_t(account_reads_recorded_per_second));
}

TEST_F(ReadsTest, WhatWasNotRecordedIsCountedWhenItStops) {
  const auto look = permitted(Look{});
  reads_.note(look, Space::reserved);
  reads_.note(look, Space::reserved);
  EXPECT_TRUE(written().empty());
  reads_.stop();
  const auto rows = written();
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_NE(rows[0].body.find(R"("count":"2")"), std::string::npos);
  reads_.stop();
  EXPECT_EQ(written().size(), 1u);
}

TEST_F(ReadsTest, WhoWantsNoRecordsGetsNone) {
  Reads off(*store_, {}, Recording::off);
  off.note(permitted(Look{}), Space::enough);
  EXPECT_TRUE(written().empty());
}

TEST_F(ReadsTest, AStoreThatIsAwayIsNoFaultOfTheReader) {
  const auto look = permitted(Look{});
  store_->close();
  reads_.note(look, Space::enough);
  reads_.note(look, Space::enough);
  EXPECT_EQ(reads_.not_recorded(), 2u);
}

}  // namespace
}  // namespace hallmark::audit
