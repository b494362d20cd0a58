#include "cli/output_file.h"

#include <sys/stat.h>

#include <gtest/gtest.h>

#include "base/test_support.h"
#include "cli/named_file.h"

namespace hallmark::cli {
namespace {

namespace fs = std::filesystem;
using hallmark::test::error_of;
using hallmark::test::expect_done;
using hallmark::test::value_of;

class OutputFileTest : public testing::Test {
 protected:
  static Arguments arguments(const fs::path& output, bool force = false) {
    Arguments given;
    given.set(std::string(output_name), output.string());
    if (force) given.set("--force", "yes");
    return given;
  }
  static Result<OutputFile> open(const fs::path& output) {
    return OutputFile::of(arguments(output));
  }
  static Result<OutputFile> forced(const fs::path& output) {
    return OutputFile::of(arguments(output, true));
  }
  static std::string content(const fs::path& path) {
    return value_of(hallmark::read_file(path, 100));
  }
  static void write(const fs::path& path, std::string_view text) {
    expect_done(write_file_durably(path, bytes_of(text), 0600));
  }
  std::ptrdiff_t count_files() const {
    return std::distance(fs::directory_iterator(folder.path()), fs::directory_iterator());
  }

  const hallmark::test::TemporaryFolder folder;
  const fs::path path = folder.path() / "out";
};

TEST_F(OutputFileTest, IsWrittenWithItsModeAndNothingBeside) {
  expect_done(value_of(open(path)).write(bytes_of("content"), secret_file));
  EXPECT_EQ(content(path), "content");
  struct stat status = {};
  ASSERT_EQ(::stat(path.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777, 0600U);
  EXPECT_EQ(count_files(), 1);
}

TEST_F(OutputFileTest, WhatIsThereStaysUnlessForceSaysOtherwise) {
  write(path, "before");
  EXPECT_EQ(error_of(open(path)).message,
            "--output: " + path.string() + " exists already: --force replaces it.");
  expect_done(value_of(forced(path)).write(bytes_of("after"), public_file));
  EXPECT_EQ(content(path), "after");
}

TEST_F(OutputFileTest, AnotherOptionsFileIsNeverReplaced) {
  write(path, "before");
  EXPECT_EQ(error_of(OutputFile::of("--root-out", path.string())).message,
            "--root-out: " + path.string() + " exists already.");
}

TEST_F(OutputFileTest, WhatAppearsMeanwhileStaysToo) {
  const OutputFile file = value_of(open(path));
  write(path, "another's");
  EXPECT_NE(error_of(file.write(bytes_of("ours"), public_file)).message.find("exists already"),
            std::string::npos);
  EXPECT_EQ(content(path), "another's");
  EXPECT_EQ(count_files(), 1);
}

TEST_F(OutputFileTest, ALinkThatLeadsNowhereIsThere) {
  fs::create_symlink("nowhere", path);
  EXPECT_FALSE(open(path));
  expect_done(value_of(forced(path)).write(bytes_of("content"), public_file));
  EXPECT_EQ(fs::symlink_status(path).type(), fs::file_type::regular);
}

TEST_F(OutputFileTest, OnlyAFileIsReplaced) {
  EXPECT_EQ(error_of(forced(folder.path())).message,
            "--output: cannot write " + folder.path().string() + ": Is a directory");
  EXPECT_EQ(error_of(forced("/dev/null")).message, "--output: /dev/null is no regular file.");
  EXPECT_EQ(fs::status("/dev/null").type(), fs::file_type::character);
}

TEST_F(OutputFileTest, AFolderThatIsMissingIsSaidBeforeAnythingIsDone) {
  EXPECT_EQ(error_of(open(path / "a")).message,
            "--output: cannot write " + path.string() + "/a: No such file or directory");
  write(path, "no folder");
  EXPECT_EQ(error_of(open(path / "a")).message,
            "--output: cannot write " + path.string() + "/a: Not a directory");
}

TEST_F(OutputFileTest, AFailureLeavesNoEmptyFile) {
  const OutputFile file = value_of(open(folder.path() / "a" / ".." / "out"));
  EXPECT_EQ(file.path(), path);
  fs::remove_all(folder.path());
  EXPECT_FALSE(file.write(bytes_of("content"), public_file));
  EXPECT_FALSE(fs::exists(path));
}

TEST(WholePath, HasNoDotsAndNoSlashAtItsEnd) {
  EXPECT_EQ(whole_path("/a/./b/../c/"), "/a/c");
  EXPECT_EQ(whole_path("/"), "/");
  EXPECT_EQ(whole_path("a"), fs::current_path() / "a");
}

}  // namespace
}  // namespace hallmark::cli
