#include "keys/secret_file.h"

#include <cstdlib>

#include <gtest/gtest.h>

#include "base/file.h"
#include "base/test_support.h"

namespace hallmark::keys {
namespace {

using hallmark::test::error_of;
using hallmark::test::expect_done;
using hallmark::test::value_of;

class SecretFileTest : public testing::Test {
 protected:
  void SetUp() override { ::setenv("CREDENTIALS_DIRECTORY", folder.path().c_str(), 1); }
  void TearDown() override { ::unsetenv("CREDENTIALS_DIRECTORY"); }
  void write(std::string_view content, unsigned mode) {
    expect_done(write_file_durably(path, bytes_of(content), mode));
  }
  std::string read(const std::string& where) {
    return std::string(hallmark::text_of(value_of(read_secret_file(where, 100)).reveal()));
  }

  hallmark::test::TemporaryFolder folder;
  const std::filesystem::path path = folder.path() / "pin";
};

TEST_F(SecretFileTest, IsNamedByItsPathOrAsACredential) {
  write("2468", 0400);
  EXPECT_EQ(read(path.string()), "2468");
  EXPECT_EQ(read("file:" + path.string()), "2468");
  EXPECT_EQ(read("credential:pin"), "2468");
}

TEST_F(SecretFileTest, ThatOthersCanReadIsRefused) {
  for (const unsigned mode : {0440u, 0404u, 0644u}) {
    write("2468", mode);
    EXPECT_EQ(error_of(read_secret_file(path.string(), 100)).kind, ErrorKind::invalid) << mode;
  }
}

// systemd lets the service's user read it by an access list, which shows as the group's bit.
TEST_F(SecretFileTest, ACredentialMayHaveAnAccessList) {
  write("2468", 0440);
  EXPECT_EQ(read("credential:pin"), "2468");
  write("2468", 0444);
  EXPECT_EQ(error_of(read_secret_file("credential:pin", 100)).kind, ErrorKind::invalid);
}

TEST_F(SecretFileTest, ACredentialIsNoPath) {
  for (const char* where : {"credential:", "credential:../pin", "credential:/etc/passwd",
                            "credential:..", "credential:.hidden"}) {
    EXPECT_EQ(error_of(read_secret_file(where, 100)).kind, ErrorKind::invalid) << where;
  }
}

TEST_F(SecretFileTest, AProcessWithoutCredentialsHasNone) {
  ::unsetenv("CREDENTIALS_DIRECTORY");
  const auto error = error_of(read_secret_file("credential:pin", 100));
  EXPECT_EQ(error.kind, ErrorKind::invalid);
  EXPECT_NE(error.message.find("LoadCredential=pin:"), std::string::npos);
}

TEST_F(SecretFileTest, ThatIsEmptyTooLongOrMissingIsRefused) {
  write("", 0400);
  EXPECT_EQ(error_of(read_secret_file(path.string(), 100)).kind, ErrorKind::invalid);
  write(std::string(101, 'x'), 0400);
  EXPECT_EQ(error_of(read_secret_file(path.string(), 100)).kind, ErrorKind::invalid);
  EXPECT_EQ(error_of(read_secret_file("/missing", 100)).kind, ErrorKind::not_found);
}

}  // namespace
}  // namespace hallmark::keys
