#include "cli/passphrase.h"

#include <gtest/gtest.h>

#include "base/file.h"
#include "base/test_support.h"

namespace hallmark::cli {
namespace {

using hallmark::test::error_of;
using hallmark::test::expect_done;
using hallmark::test::value_of;

class PassphraseTest : public testing::Test {
 protected:
  std::string file(std::string_view content, unsigned mode) const {
    const auto path = folder.path() / "passphrase";
    expect_done(write_file_durably(path, bytes_of(content), mode));
    return path.string();
  }
  std::string read(std::string_view content) const {
    const Secret read = value_of(read_passphrase(file(content, 0400), "Passphrase"));
    return std::string(text_of(read.reveal()));
  }
  hallmark::test::TemporaryFolder folder;
};

TEST_F(PassphraseTest, IsTheFirstLineOfItsFile) {
  EXPECT_EQ(read("correct horse\n"), "correct horse");
  EXPECT_EQ(read("correct horse"), "correct horse");
  EXPECT_EQ(read("correct\nhorse\n"), "correct");
  EXPECT_EQ(read(" blanks count \n"), " blanks count ");
}

TEST_F(PassphraseTest, IsNotEmpty) {
  EXPECT_FALSE(read_passphrase(file("\n", 0400), "Passphrase"));
  EXPECT_FALSE(read_passphrase(file("", 0400), "Passphrase"));
}

TEST_F(PassphraseTest, IsInAFileThatOthersCannotRead) {
  EXPECT_EQ(error_of(read_passphrase(file("word\n", 0440), "Passphrase")).kind, ErrorKind::invalid);
}

TEST_F(PassphraseTest, IsInAFileThatIsThereAndNotTooLong) {
  EXPECT_FALSE(read_passphrase((folder.path() / "none").string(), "Passphrase"));
  EXPECT_FALSE(read_passphrase(file(std::string(1 << 20, 'x'), 0400), "Passphrase"));
}

}  // namespace
}  // namespace hallmark::cli
