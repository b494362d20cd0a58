// Attempts at jobs whose object is large enough to be verified while it is written.
#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <fstream>

#include "base/relay.h"
#include "signing/job_run.h"
#include "signing/test_faults.h"
#include "signing/test_signing.h"

namespace hallmark::signing {
namespace {

using model::JobStatus;
using test::error_of;
using test::expect_done;
using test::value_of;

constexpr std::size_t body_bytes = relayed_bytes_min + limits::copy_buffer_bytes;

class LargeJobTest : public test::SigningTest {
 protected:
  LargeJobTest() { add_profile(); }

  model::JobId started() {
    return SigningTest::started(test::package(std::string(body_bytes, 'x')));
  }
  Result<void> attempt(const store::ClaimedJob& claimed, std::stop_token stop = {}) {
    const JobServices with = {hooked_store, hooked_objects, *made.authority, certificates,
                              clock,        made.home,      std::move(stop)};
    return JobRun(with, claimed).attempt();
  }
  // What the hook does once, before the n-th read of the source.
  void before_read(int number, std::function<void()> act) {
    hooks.before = [this, number, act](std::string_view step) -> Result<void> {
      if (step == "read" && ++reads_ == number) act();
      return {};
    };
  }
  // As a disk would that loses a bit.
  void damage_source() {
    const auto pinned = value_of(objects.pin({"bucket", "in/a.zip"}));
    for (const auto& file :
         std::filesystem::recursive_directory_iterator(made.folder.path() / "objects")) {
      if (file.path().filename() != pinned.location.version + "." + pinned.sha256_hex) continue;
      std::filesystem::permissions(file, std::filesystem::perms::owner_all);
      std::fstream content(file.path(), std::ios::in | std::ios::out);
      content.seekp(body_bytes / 2);
      content.write("X", 1);
    }
  }
  void expect_success(const model::JobId& id) {
    EXPECT_EQ(job(id).status, JobStatus::succeeded);
    const auto versions = uploaded(id);
    ASSERT_EQ(versions.size(), 1u);
    const auto object = value_of(objects.snapshot(versions[0]));
    const auto roots = value_of(made.authority->roots());
    EXPECT_TRUE(formats::find_format("lambda-zip")
                    ->verify({.object = *object, .trusted = roots, .now = clock.now()}));
  }

  std::atomic<int> reads_ = 0;
  test::Hooks hooks;
  test::HookedStore hooked_store{store, hooks};
  test::HookedObjects hooked_objects{objects, hooks};
};

TEST_F(LargeJobTest, AnAttemptEndsTheJob) {
  const model::JobId id = started();
  expect_done(attempt(*claim()));
  expect_success(id);
}

TEST_F(LargeJobTest, WhatDoesNotVerifyDoesNotAppear) {
  const model::JobId id = started();
  const auto claimed = claim();
  hooks.after = [this](std::string_view step) -> Result<void> {
    if (step == "write" && reads_++ == 0) damage_source();  // once it is signed
    return {};
  };
  const Error error = error_of(attempt(*claimed));
  EXPECT_EQ(error.kind, ErrorKind::internal);
  EXPECT_TRUE(error.detail.starts_with("our own signature does not verify")) << describe(error);
  EXPECT_TRUE(uploaded(id).empty());
  hooks = {};
  expect_done(store.write([](store::Transaction& tx) { return store::release_all_jobs(tx); }));
  EXPECT_EQ(error_of(attempt(*claim())).message, "The source object has changed.");
  EXPECT_TRUE(uploaded(id).empty());
}

TEST_F(LargeJobTest, WhatDoesNotVerifyIsNoSuccessThoughTheObjectStoreDoesNotAsk) {
  const model::JobId id = started();
  const auto claimed = claim();
  hooks.put_answer = objects::Pinned{};
  hooks.after = [this](std::string_view step) -> Result<void> {
    if (step == "write" && reads_++ == 0) damage_source();  // once it is signed
    return {};
  };
  const Error error = error_of(attempt(*claimed));
  EXPECT_TRUE(error.detail.starts_with("our own signature does not verify")) << describe(error);
  EXPECT_EQ(job(id).status, JobStatus::in_progress);
}

TEST_F(LargeJobTest, AnAttemptAfterASignatureVerifiesToo) {
  const model::JobId id = started();
  const auto claimed = claim();
  hooks.before = [](std::string_view step) -> Result<void> {
    return step == "put" ? Result<void>(internal_error("the store is away")) : Result<void>();
  };
  error_of(attempt(*claimed));
  EXPECT_TRUE(uploaded(id).empty());
  hooks = {};
  clock.advance(std::chrono::hours(24 * 30));  // with another leaf by then
  expect_done(attempt(*claim()));
  expect_success(id);
}

TEST_F(LargeJobTest, AStopEndsTheAttemptWhicheverThreadReads) {
  int stopped = 0;
  for (int number = 1;; number += 7) {
    SCOPED_TRACE(number);
    reads_ = 0;
    const model::JobId id = started();
    std::stop_source stopping;
    before_read(number, [&] { stopping.request_stop(); });
    const auto outcome = attempt(*claim(), stopping.get_token());
    hooks = {};
    if (outcome) break;
    ++stopped;
    EXPECT_EQ(outcome.error().kind, ErrorKind::unavailable) << describe(outcome.error());
    EXPECT_TRUE(uploaded(id).empty());
  }
  EXPECT_GT(stopped, 5);
}

TEST_F(LargeJobTest, ALostLeaseEndsTheAttemptWhicheverThreadReads) {
  int lost = 0;
  for (int number = 1;; number += 7) {
    SCOPED_TRACE(number);
    reads_ = 0;
    const model::JobId id = started();
    const auto first = claim();
    std::optional<store::ClaimedJob> second;
    before_read(number, [&] {
      clock.advance(limits::job_lease);
      second = claim();
    });
    const auto outcome = attempt(*first);
    hooks = {};
    if (!second) {
      expect_done(outcome);
      break;
    }
    ++lost;
    EXPECT_EQ(error_of(outcome).kind, ErrorKind::conflict);
    EXPECT_EQ(job(id).status, JobStatus::in_progress);
    expect_done(attempt(*second));
    expect_success(id);
  }
  EXPECT_GT(lost, 5);
}

}  // namespace
}  // namespace hallmark::signing
