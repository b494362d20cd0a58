#include "base/folder_lock.h"

#include <gtest/gtest.h>

#include <csignal>

#include <sys/wait.h>
#include <unistd.h>

#include "base/test_support.h"

namespace hallmark {
namespace {

namespace fs = std::filesystem;

TEST(FolderLock, IsHeldByOneAtATime) {
  const test::TemporaryFolder folder;
  {
    const auto held = FolderLock::take(folder.path());
    ASSERT_TRUE(held);
    const auto second = FolderLock::try_take(folder.path());
    ASSERT_TRUE(second);
    EXPECT_FALSE(*second);
  }
  const auto after = FolderLock::try_take(folder.path());
  ASSERT_TRUE(after);
  EXPECT_TRUE(*after);
}

TEST(FolderLock, GoesWithAProcessThatIsKilled) {
  const test::TemporaryFolder folder;
  const pid_t child = ::fork();
  if (child == 0) {
    const auto held = FolderLock::take(folder.path());
    if (held) ::raise(SIGKILL);
    ::_exit(1);
  }
  ASSERT_GT(child, 0);
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFSIGNALED(status));
  EXPECT_TRUE(FolderLock::take(folder.path()));  // and does not wait for ever
}

TEST(FolderLock, NeedsAFolderThatIsNoLink) {
  const test::TemporaryFolder folder;
  fs::create_directory_symlink(folder.path(), folder.path() / "link");
  EXPECT_FALSE(FolderLock::take(folder.path() / "link"));
  EXPECT_FALSE(FolderLock::try_take(folder.path() / "none"));
}

}  // namespace
}  // namespace hallmark
