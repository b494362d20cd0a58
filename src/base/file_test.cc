#include "base/file.h"

#include <cstdlib>

#include <sys/stat.h>

#include <gtest/gtest.h>

#include "base/operator_words.h"
#include "base/test_support.h"

namespace hallmark {
namespace {

namespace fs = std::filesystem;

// A folder of its own for each test, gone afterwards.
class FileTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = testing::TempDir() + "hallmark-file-XXXXXX";
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    folder_ = name;
  }
  void TearDown() override { fs::remove_all(folder_); }

  std::size_t files_in_folder() const {
    return std::size_t(std::distance(fs::directory_iterator(folder_), fs::directory_iterator()));
  }
  static unsigned mode_of(const fs::path& path) {
    struct stat status = {};
    EXPECT_EQ(::stat(path.c_str(), &status), 0);
    return status.st_mode & 07777;
  }

  fs::path folder_;
};

TEST_F(FileTest, WritesDurablyAndReadsBack) {
  ASSERT_TRUE(write_file_durably(folder_ / "a", bytes_of("content"), 0600));
  const auto content = read_file(folder_ / "a", 100);
  ASSERT_TRUE(content);
  EXPECT_EQ(*content, "content");
}

TEST_F(FileTest, ReplacesWhatWasThere) {
  ASSERT_TRUE(write_file_durably(folder_ / "a", bytes_of("old and longer"), 0600));
  ASSERT_TRUE(write_file_durably(folder_ / "a", bytes_of("new"), 0600));
  EXPECT_EQ(*read_file(folder_ / "a", 100), "new");
  EXPECT_EQ(files_in_folder(), 1U);
}

TEST_F(FileTest, OfANewNameReplacesNothing) {
  ASSERT_TRUE(write_file_durably(folder_ / "a", bytes_of("old"), 0600));
  auto file = NewFile::create(folder_, 0600);
  ASSERT_TRUE(file);
  ASSERT_TRUE((*file)->write(bytes_of("new")));
  const auto refused = (*file)->publish_new(folder_ / "a");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::conflict);
  ASSERT_TRUE((*file)->publish_new(folder_ / "b"));
  EXPECT_EQ(*read_file(folder_ / "a", 100), "old");
  EXPECT_EQ(*read_file(folder_ / "b", 100), "new");
  EXPECT_EQ(files_in_folder(), 2U);
}

TEST_F(FileTest, HoldsWhatWasWrittenInManyParts) {
  const std::string part(std::size_t(1) << 20, 'p');
  auto file = NewFile::create(folder_, 0600);
  ASSERT_TRUE(file);
  for (int i = 0; i < 20; ++i) ASSERT_TRUE((*file)->write(bytes_of(part)));
  ASSERT_TRUE((*file)->publish(folder_ / "a"));
  const auto content = read_file(folder_ / "a", 20 * part.size());
  ASSERT_TRUE(content);
  EXPECT_EQ(content->size(), 20 * part.size());
  EXPECT_EQ(content->find_first_not_of('p'), content->npos);
}

TEST_F(FileTest, GivesTheModeThatWasAskedForWhateverTheUmask) {
  const mode_t before = ::umask(0077);
  ASSERT_TRUE(write_file_durably(folder_ / "private", bytes_of(""), 0600));
  ASSERT_TRUE(write_file_durably(folder_ / "public", bytes_of(""), 0644));
  ::umask(before);
  EXPECT_EQ(mode_of(folder_ / "private"), 0600U);
  EXPECT_EQ(mode_of(folder_ / "public"), 0644U);
}

TEST_F(FileTest, LeavesNoTemporaryFileWhenItCannotBePublished) {
  fs::create_directory(folder_ / "taken");
  fs::create_directory(folder_ / "taken" / "inside");
  EXPECT_FALSE(write_file_durably(folder_ / "taken", bytes_of("x"), 0600));
  EXPECT_EQ(files_in_folder(), 1U);
}

TEST_F(FileTest, LeavesNoTemporaryFileWhenItIsAbandoned) {
  {
    const auto file = NewFile::create(folder_, 0600);
    ASSERT_TRUE(file);
    ASSERT_TRUE((*file)->write(bytes_of("half")));
    EXPECT_TRUE(fs::directory_iterator(folder_)->path().filename().string().starts_with(
        temporary_file_prefix));
  }
  EXPECT_EQ(files_in_folder(), 0U);
}

TEST_F(FileTest, IsNotVisibleUnderItsNameBeforeItIsPublished) {
  const auto file = NewFile::create(folder_, 0600);
  ASSERT_TRUE(file);
  ASSERT_TRUE((*file)->write(bytes_of("whole")));
  EXPECT_FALSE(fs::exists(folder_ / "name"));
  ASSERT_TRUE((*file)->publish(folder_ / "name"));
  EXPECT_EQ(*read_file(folder_ / "name", 100), "whole");
}

TEST_F(FileTest, ReportsAWriteThatTheMachineRefuses) {
  const auto file = File::open("/dev/full");
  EXPECT_FALSE(file);
  EXPECT_FALSE(NewFile::create(folder_ / "absent", 0600));
  EXPECT_FALSE(write_file_durably(folder_ / "absent" / "a", bytes_of("x"), 0600));
}

TEST_F(FileTest, NamesAnAbsentFileOnlyInTheDetail) {
  const auto file = File::open(folder_ / "absent");
  ASSERT_FALSE(file);
  EXPECT_EQ(file.error().kind, ErrorKind::not_found);
  EXPECT_EQ(file.error().message.find("absent"), std::string::npos);
  EXPECT_NE(file.error().detail.find("absent"), std::string::npos);
}

// What the machine says of a refusal; empty where it is another error.
template <class T>
std::string refusal_of(const Result<T>& result) {
  return std::string(find_machine_refusal(test::error_of(result)).value_or(""));
}

TEST_F(FileTest, ARefusalOfTheMachineNamesTheFileAndSaysWhy) {
  const std::string folder = folder_.string();
  EXPECT_EQ(refusal_of(File::open(folder_ / "a")),
            "cannot open " + folder + "/a: No such file or directory");
  EXPECT_EQ(refusal_of(File::open(folder_)), "cannot open " + folder + ": Is a directory");
  ASSERT_TRUE(write_file_durably(folder_ / "b", bytes_of("12345"), 0600));
  EXPECT_EQ(refusal_of(File::open(folder_ / "b" / "c")),
            "cannot open " + folder + "/b/c: Not a directory");
  EXPECT_EQ(refusal_of(read_file(folder_ / "b", 4)),
            "cannot read " + folder + "/b: File too large");
  EXPECT_EQ(refusal_of(File::open("/dev/null")), "cannot open /dev/null: Not a regular file");
  EXPECT_EQ(refusal_of(write_file_durably(folder_ / "d" / "e", {}, 0600)),
            "cannot create a file in " + folder + "/d: No such file or directory");
}

TEST(MachineRefusal, IsNotWhatAnotherErrorSays) {
  EXPECT_FALSE(find_machine_refusal(internal_error("an answer is none")));
  EXPECT_FALSE(find_machine_refusal(invalid("cannot be")));
}

TEST_F(FileTest, OpensOnlyRegularFilesAndWaitsForNone) {
  EXPECT_EQ(File::open(folder_).error().kind, ErrorKind::invalid);
  ASSERT_EQ(::mkfifo((folder_ / "pipe").c_str(), 0600), 0);
  EXPECT_EQ(File::open(folder_ / "pipe").error().kind, ErrorKind::invalid);
}

TEST_F(FileTest, IsReadOnlyUpToTheSizeThatTheCallerAllows) {
  ASSERT_TRUE(write_file_durably(folder_ / "a", bytes_of("12345"), 0600));
  EXPECT_TRUE(read_file(folder_ / "a", 5));
  EXPECT_EQ(read_file(folder_ / "a", 4).error().kind, ErrorKind::invalid);
}

TEST_F(FileTest, ReadsAnyRangeAndNothingPastTheEnd) {
  ASSERT_TRUE(write_file_durably(folder_ / "a", bytes_of("0123456789"), 0600));
  const auto file = File::open(folder_ / "a");
  ASSERT_TRUE(file);
  Bytes buffer(3);
  ASSERT_TRUE((*file)->read_at(7, buffer));
  EXPECT_EQ(text_of(buffer), "789");
  EXPECT_EQ((*file)->read_at(8, buffer).error().kind, ErrorKind::corrupt);
  EXPECT_EQ((*file)->read_at(UINT64_MAX, buffer).error().kind, ErrorKind::corrupt);
  EXPECT_TRUE((*file)->read_at(10, {}));
}

TEST_F(FileTest, KeepsTheOpenVersionWhenTheNameIsReplaced) {
  ASSERT_TRUE(write_file_durably(folder_ / "a", bytes_of("old"), 0600));
  const auto file = File::open(folder_ / "a");
  ASSERT_TRUE(write_file_durably(folder_ / "a", bytes_of("new"), 0600));
  Bytes buffer(3);
  ASSERT_TRUE((*file)->read_at(0, buffer));
  EXPECT_EQ(text_of(buffer), "old");
}

TEST_F(FileTest, MakesFoldersPrivateAndTwiceIsFine) {
  ASSERT_TRUE(make_folders(folder_ / "a" / "b" / "c"));
  ASSERT_TRUE(make_folders(folder_ / "a" / "b" / "c" / ""));
  EXPECT_EQ(mode_of(folder_ / "a"), 0700U);
  EXPECT_EQ(mode_of(folder_ / "a" / "b" / "c"), 0700U);
}

TEST_F(FileTest, RefusesAFolderWhoseNameIsAFile) {
  ASSERT_TRUE(write_file_durably(folder_ / "a", bytes_of(""), 0600));
  EXPECT_FALSE(make_folders(folder_ / "a"));
  EXPECT_FALSE(make_folders(folder_ / "a" / "b"));
}

}  // namespace
}  // namespace hallmark
