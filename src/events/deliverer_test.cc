#include "events/deliverer.h"

#include <filesystem>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "base/test_support.h"
#include "model/test_profile.h"
#include "store/driver.h"
#include "store/jobs.h"
#include "store/outbox.h"
#include "store/profiles.h"

namespace hallmark::events {
namespace {

using hallmark::test::expect_done;
using hallmark::test::value_of;

// Takes what it is told to take.
class TestTarget final : public Target {
 public:
  struct Taken {
    std::string id;
    std::string body;
  };
  explicit TestTarget(std::vector<Taken>& taken, const bool& refuses)
      : taken_(taken), refuses_(refuses) {}
  store::EventTarget kind() const override { return store::EventTarget::webhook; }
  Result<void> deliver(const Message& message) override {
    if (refuses_) return unavailable("refused");
    taken_.push_back({std::string(message.id), std::string(message.body)});
    return {};
  }

 private:
  std::vector<Taken>& taken_;
  const bool& refuses_;
};

class DelivererTest : public testing::Test {
 protected:
  model::AccountId account() { return value_of(model::AccountId::parse("111122223333")); }
  // An ended job and its event.
  void add_event(std::uint8_t number) {
    store::JobEvent event{.id = {},
                          .target = store::EventTarget::webhook,
                          .account = account(),
                          .owner = account(),
                          .job = job_.id,
                          .status = model::JobStatus::succeeded,
                          .at = clock_.now()};
    event.id.bytes[15] = number;
    expect_done(store_->write([&](store::Transaction& tx) { return store::add_event(tx, event); }));
  }
  std::int64_t waiting() {
    return value_of(store_->read([](store::Reader& reader) {
             return store::measure_outbox(reader, store::EventTarget::webhook, 100);
           }))
        .rows;
  }

  // Ended, as far as an event tells; the store is not asked.
  model::Job made_job() {
    const Uuid id = Uuid::v7(clock_.now(), random_);
    return {.id = id,
            .owner = account(),
            .invoker = account(),
            .profile_name = value_of(model::ProfileName::parse("release")),
            .profile_version = value_of(model::ProfileVersion::parse("IrwHQeF7XW")),
            .platform_id = "AWSLambda-SHA384-ECDSA",
            .requested_by = "arn:aws:iam::111122223333:user/ci",
            .request_token = id.text(),
            .source = model::SourceObject{.bucket = "in", .key = "app.zip", .version = "v1"},
            .destination_bucket = "out",
            .destination_key = "signed/app.zip",
            .status = model::JobStatus::in_progress,
            .status_reason = {},
            .created_at = clock_.now(),
            .completed_at = {},
            .signed_at = {},
            .signature_expires_at = {},
            .certificate_arn = {},
            .revocation = {}};
  }
  void SetUp() override {
    model::Profile profile = model::test::profile_named(job_.profile_name.view());
    profile.version = job_.profile_version;
    expect_done(store_->write([&](store::Transaction& tx) -> Result<void> {
      TRY(store::insert_profile(tx, profile));
      TRY(const auto earlier, store::insert_job(tx, job_, 0));
      return {};
    }));
  }

  hallmark::test::TestClock clock_;
  hallmark::test::CountingRandom random_;
  hallmark::test::TemporaryFolder folder_;
  model::Home home_{"aws", "us-east-1"};
  std::unique_ptr<store::Store> store_ = value_of(
      store::open_sqlite(folder_.path() / "db",
                         [](const store::Hash& previous, const store::Hash&) { return previous; }));
  model::Job job_ = made_job();
  std::vector<TestTarget::Taken> taken_;
  bool refuses_ = false;
  Deliverer deliverer_{{*store_, clock_, random_, home_},
                       std::make_unique<TestTarget>(taken_, refuses_)};
};

TEST_F(DelivererTest, DeliversAnEventOnce) {
  add_event(1);
  EXPECT_TRUE(value_of(deliverer_.deliver_one()));
  EXPECT_FALSE(value_of(deliverer_.deliver_one()));
  ASSERT_EQ(taken_.size(), 1u);
  EXPECT_EQ(waiting(), 0);
  EXPECT_EQ(deliverer_.meters().delivered.value(), 1u);
}

TEST_F(DelivererTest, TellsWhatEventBridgeTells) {
  add_event(1);
  ASSERT_TRUE(value_of(deliverer_.deliver_one()));
  const std::string job = job_.id.text();
  EXPECT_EQ(taken_.at(0).body,
            R"({"version":"0","id":"00000000-0000-0000-0000-000000000001",)"
            R"("detail-type":"Signer Job Status Change","source":"aws.signer",)"
            R"("account":"111122223333","time":"2026-11-22T09:00:00Z","region":"us-east-1",)"
            R"("resources":["arn:aws:signer:us-east-1:111122223333:/signing-jobs/)" +
                job + R"("],"detail":{"job_id":")" + job +
                R"(","destination":{"bucketName":"out","key":"signed/app.zip"},)"
                R"("source":{"bucketName":"in","key":"app.zip","version":"v1"},)"
                R"("platform":"AWSLambda-SHA384-ECDSA","status":"Succeeded"}})");
}

TEST_F(DelivererTest, TriesAgainLaterAndLater) {
  add_event(1);
  refuses_ = true;
  EXPECT_TRUE(value_of(deliverer_.deliver_one()));
  EXPECT_FALSE(value_of(deliverer_.deliver_one()));
  clock_.advance(std::chrono::milliseconds(retry_delay_min));
  EXPECT_TRUE(value_of(deliverer_.deliver_one()));
  clock_.advance(std::chrono::milliseconds(retry_delay_min) / 2);
  EXPECT_FALSE(value_of(deliverer_.deliver_one()));  // at least half of twice the first delay
  refuses_ = false;
  clock_.advance(2 * std::chrono::milliseconds(retry_delay_min));
  EXPECT_TRUE(value_of(deliverer_.deliver_one()));
  ASSERT_EQ(taken_.size(), 1u);
  EXPECT_EQ(taken_.at(0).id, "00000000-0000-0000-0000-000000000001");
  EXPECT_EQ(deliverer_.meters().failed.value(), 2u);
}

TEST_F(DelivererTest, GivesUpWhatIsTooOld) {
  add_event(1);
  refuses_ = true;
  clock_.advance(std::chrono::milliseconds(event_age_max) + std::chrono::milliseconds(1));
  EXPECT_TRUE(value_of(deliverer_.deliver_one()));
  EXPECT_EQ(waiting(), 0);
  EXPECT_EQ(deliverer_.meters().dropped.value(), 1u);
}

TEST_F(DelivererTest, DropsAnEventWhoseJobIsGone) {
  const model::JobId real = job_.id;
  job_.id.bytes[15] ^= 1;
  add_event(1);
  job_.id = real;
  EXPECT_TRUE(value_of(deliverer_.deliver_one()));
  EXPECT_EQ(waiting(), 0);
  EXPECT_TRUE(taken_.empty());
}

TEST_F(DelivererTest, GivesUpAnEventWhoseJobCannotBeReadAndGoesOn) {
  add_event(1);
  expect_done(store_->write([](store::Transaction& tx) -> Result<void> {
    TRY(store::execute(tx, "UPDATE jobs SET status = 99"));
    return {};
  }));
  EXPECT_TRUE(value_of(deliverer_.deliver_one()));
  EXPECT_EQ(waiting(), 0);
  EXPECT_TRUE(taken_.empty());
  EXPECT_EQ(deliverer_.meters().failed.value(), 1u);
  EXPECT_EQ(deliverer_.meters().dropped.value(), 1u);
}

TEST_F(DelivererTest, GivesUpAnEventThatCannotBeReadAndGoesOnWithTheNext) {
  add_event(1);
  expect_done(store_->write([](store::Transaction& tx) -> Result<void> {
    TRY(store::execute(tx, "UPDATE outbox SET account = 'nobody'"));
    return {};
  }));
  add_event(2);
  EXPECT_TRUE(value_of(deliverer_.deliver_one()));
  EXPECT_EQ(deliverer_.meters().failed.value(), 1u);
  EXPECT_EQ(deliverer_.meters().dropped.value(), 1u);
  EXPECT_TRUE(value_of(deliverer_.deliver_one()));
  EXPECT_EQ(taken_.size(), 1u);
  EXPECT_EQ(waiting(), 0);
}

TEST_F(DelivererTest, DeliversByItselfWhenStarted) {
  deliverer_.start();
  add_event(1);
  for (int i = 0; i < 1000 && waiting() > 0; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  deliverer_.stop();
  EXPECT_EQ(taken_.size(), 1u);
}

}  // namespace
}  // namespace hallmark::events
