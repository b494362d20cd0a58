// A writer that is killed loses nothing that it acknowledged.

#include <gtest/gtest.h>

#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <ctime>
#include <random>
#include <thread>

#include "store/conformance_test.h"
#include "store/settings.h"

namespace hallmark::store {
namespace {

constexpr std::uint32_t rounds = 10;
constexpr std::uint32_t writers = 4;
constexpr std::uint32_t rows_of_a_round_max = 1'000'000;

std::string setting_name(std::uint32_t number) { return "row-" + std::to_string(number); }

// Writes rows from `first` on with their audit records for ever, and reports each acknowledged one.
[[noreturn]] void write_until_killed(const std::filesystem::path& path, std::uint32_t first,
                                     int report) {
  auto store = open_sqlite(path, test_link);
  CHECK(store.has_value());
  const auto write_every = [&](std::uint32_t number) {
    for (;; number += writers) {
      const auto written = (*store)->write([number](Transaction& tx) -> Result<void> {
        TRY(insert_setting(tx, setting_name(number), "v"));
        return append_audit(tx, {.body = setting_name(number), .body_hash = hash_of(1)});
      });
      CHECK(written.has_value());
      CHECK(::write(report, &number, sizeof number) == sizeof number);
    }
  };
  std::vector<std::jthread> threads;
  for (std::uint32_t i = 1; i < writers; ++i) threads.emplace_back(write_every, first + i);
  write_every(first);
  std::abort();
}

// Starts a writer, kills it after `lifetime` and answers the rows that it acknowledged.
std::vector<std::uint32_t> run_and_kill(const std::filesystem::path& path, std::uint32_t first,
                                        std::chrono::microseconds lifetime) {
  int ends[2] = {};
  CHECK(::pipe(ends) == 0);
  const pid_t child = ::fork();
  CHECK(child >= 0);
  if (child == 0) {
    ::close(ends[0]);
    write_until_killed(path, first, ends[1]);
  }
  ::close(ends[1]);
  std::vector<std::uint32_t> acknowledged;
  std::uint32_t number = 0;
  // Its life begins with the first acknowledged row, however slow the machine opens files.
  if (::read(ends[0], &number, sizeof number) == sizeof number) acknowledged.push_back(number);
  const timespec wait = {.tv_sec = 0, .tv_nsec = lifetime.count() * 1000};
  ::nanosleep(&wait, nullptr);
  CHECK(::kill(child, SIGKILL) == 0);
  while (::read(ends[0], &number, sizeof number) == sizeof number) acknowledged.push_back(number);
  ::close(ends[0]);
  int status = 0;
  CHECK(::waitpid(child, &status, 0) == child);
  EXPECT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
  return acknowledged;
}

TEST(Crash, NothingAcknowledgedIsLost) {
  const TemporaryFolder folder;
  const std::filesystem::path path = folder.path() / "store.db";
  const auto seed = std::random_device()();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::printf("seed %u\n", seed);
  std::mt19937 random(seed);
  std::vector<std::uint32_t> acknowledged;
  for (std::uint32_t round = 0; round < rounds; ++round) {
    const auto lifetime = std::chrono::microseconds(random() % 30'000);
    const auto more = run_and_kill(path, round * rows_of_a_round_max, lifetime);
    acknowledged.insert(acknowledged.end(), more.begin(), more.end());

    auto store = open_sqlite(path, test_link);
    ASSERT_TRUE(store);
    const auto sound = (*store)->check();
    ASSERT_TRUE(sound) << describe(sound.error());
    for (const std::uint32_t number : acknowledged) {
      const auto found =
          (*store)->read([&](Reader& rows) { return find_setting(rows, setting_name(number)); });
      ASSERT_TRUE(found && *found) << "row " << number << " in round " << round;
    }
  }
  EXPECT_GT(acknowledged.size(), rounds);
}

}  // namespace
}  // namespace hallmark::store
