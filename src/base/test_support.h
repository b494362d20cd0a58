// What the tests of many modules need: a folder that goes away, a clock that is set, and commands
// to run. Only for tests.
#pragma once

#include <stdlib.h>
#include <sys/wait.h>

#include <atomic>
#include <cstdio>
#include <filesystem>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "base/check.h"
#include "base/clock.h"
#include "base/random.h"
#include "base/result.h"

namespace hallmark::test {

// A folder of its own, gone at the end.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "hallmark-XXXXXX").string();
    CHECK(::mkdtemp(name.data()) != nullptr);
    path_ = name;
  }
  ~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

// Stands still until it is told to go on.
class TestClock final : public Clock {
 public:
  Timestamp now() const override { return Timestamp(std::chrono::milliseconds(millis_)); }
  void set(Timestamp time) { millis_ = unix_millis(time); }
  void advance(std::chrono::milliseconds step) { millis_ += step.count(); }

 private:
  std::atomic<std::int64_t> millis_ = 1'795'338'000'123;  // 2026-11-22T09:00:00.123Z
};

// The same bytes in every run.
class CountingRandom final : public Random {
 public:
  void fill(MutableByteView bytes) override {
    for (auto& byte : bytes) {
      byte = std::uint8_t((state_.fetch_add(0x9e3779b97f4a7c15u) * 0xbf58476d1ce4e5b9u) >> 56);
    }
  }

 private:
  std::atomic<std::uint64_t> state_ = 1;
};

struct CommandResult {
  int status = -1;
  std::string output;  // both streams
};

inline CommandResult run(const std::string& command) {
  FILE* const pipe = ::popen(("{ " + command + "; } 2>&1").c_str(), "r");
  CHECK(pipe != nullptr);
  std::string output;
  for (int c = std::fgetc(pipe); c != EOF; c = std::fgetc(pipe)) output += char(c);
  const int status = ::pclose(pipe);
  return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, std::move(output)};
}

// The error that must be there.
template <class T>
Error error_of(const Result<T>& result) {
  EXPECT_FALSE(result.has_value());
  return result ? Error() : result.error();
}

// The value that must be there.
template <class T>
T value_of(Result<T> result) {
  if (!result) {
    ADD_FAILURE() << describe(result.error());
    CHECK(result.has_value());
  }
  return *std::move(result);
}

inline void expect_done(const Result<void>& result) {
  EXPECT_TRUE(result.has_value()) << (result ? "" : describe(result.error()));
}

}  // namespace hallmark::test
