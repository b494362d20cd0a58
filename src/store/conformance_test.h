// What the tests of every engine share. A suite is written against Store alone and runs once for
// each engine: TEST_P(Suite, …) with a fixture that is EachEngine, then
// INSTANTIATE_TEST_SUITE_P(Engines, Suite, testing::ValuesIn(engines()), engine_name).
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/random.h"
#include "model/job.h"
#include "model/profile.h"
#include "store/audit.h"
#include "store/jobs.h"
#include "store/profiles.h"
#include "store/store.h"

namespace hallmark::store {

// A folder of its own, gone at the end.
class TemporaryFolder {
 public:
  TemporaryFolder();
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

// The same bytes in every run.
class CountingRandom final : public Random {
 public:
  void fill(MutableByteView bytes) override {
    for (auto& byte : bytes)
      byte = std::uint8_t((state_ = state_ * 6364136223846793005u + 1) >> 56);
  }

 private:
  std::uint64_t state_ = 1;
};

// Not a hash, but its result depends on every byte of both.
Hash test_link(const Hash& previous, const Hash& record);
Hash hash_of(std::uint8_t value);

struct Engine {
  std::string name;
  std::function<Result<std::unique_ptr<Store>>(const std::filesystem::path& folder)> open;
};
std::vector<Engine> engines();
std::string engine_name(const testing::TestParamInfo<Engine>& info);

class EachEngine : public testing::TestWithParam<Engine> {
 protected:
  EachEngine() { open(); }

  void open();
  void reopen();
  Store& store() { return *store_; }
  const std::filesystem::path& folder() const { return folder_.path(); }

  // Waits for the commit.
  Result<void> write(Work work) { return store_->write(std::move(work)); }
  Error refusal(Work work);
  template <class F>
  auto read(F&& function) {
    auto found = store_->read(std::forward<F>(function));
    EXPECT_TRUE(found) << (found ? "" : describe(found.error()));
    return found;
  }

  model::JobId next_id() { return Uuid::v7(start + std::chrono::milliseconds(++ids_), random_); }

  // Readable samples; a test changes what it is about.
  static constexpr Timestamp start = Timestamp(std::chrono::milliseconds(1'795'338'000'000));
  static model::AccountId account(std::string_view digits = "111122223333");
  static model::ProfileName name(std::string_view text = "Release");
  static model::Profile profile(std::string_view text = "Release");
  model::Job job();          // in progress, of `profile()`
  model::Job payload_job();  // of SignPayload
  void add_profile(const model::Profile& profile);
  void add_job(const model::Job& job);

 private:
  TemporaryFolder folder_;
  std::unique_ptr<Store> store_;
  CountingRandom random_;
  int ids_ = 0;
};

}  // namespace hallmark::store
