#include "keys/file_keys.h"

#include <sys/stat.h>

#include <gtest/gtest.h>

#include "base/encoding.h"
#include "base/file.h"
#include "crypto/aead.h"
#include "crypto/random.h"

namespace hallmark::keys {
namespace {

constexpr auto p384 = crypto::KeyKind::p384;
constexpr std::string_view id = "0192f0c1-0000-7000-8000-000000000001";

// What all back ends keep is in conformance_test.cc.
class FileKeysTest : public testing::Test {
 protected:
  crypto::SystemRandom random_;
  std::unique_ptr<KeyProvider> keys_ = provider(7);

  std::unique_ptr<KeyProvider> provider(std::uint8_t byte) {
    return file_keys(Secret(ByteView(Bytes(crypto::aead_key_bytes, byte))), random_);
  }
};

TEST_F(FileKeysTest, ASecretNeverOpensAsAKeyNorAKeyAsASecret) {
  const Bytes sealed = keys_->create(Purpose::code_signing, p384, id)->sealed;
  const std::string context = "1/code_signing/ECDSA_P384_SHA384/" + std::string(id);
  EXPECT_FALSE(keys_->unseal(ByteView(sealed).subspan(2), context));
  Bytes forged = {1, 2};
  append(forged, keys_->seal(bytes_of("anything"), context));
  EXPECT_FALSE(keys_->open(forged, Purpose::code_signing, id));
}

TEST(Purpose, NamesAreStable) {
  EXPECT_EQ(name_of(Purpose::root_certificate), "root_certificate");
  EXPECT_EQ(name_of(Purpose::intermediate_certificate), "intermediate_certificate");
  EXPECT_EQ(name_of(Purpose::code_signing), "code_signing");
}

class MasterKeyTest : public testing::Test {
 protected:
  MasterKeyTest() {
    std::string name = (std::filesystem::temp_directory_path() / "hallmark-XXXXXX").string();
    CHECK(::mkdtemp(name.data()) != nullptr);
    folder_ = name;
    path_ = folder_ / "master.key";
  }
  ~MasterKeyTest() override {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }

  void write(std::string_view content, unsigned mode) {
    ASSERT_TRUE(write_file_durably(path_, bytes_of(content), mode));
  }
  std::ptrdiff_t count_files() {
    return std::distance(std::filesystem::directory_iterator(folder_), {});
  }

  crypto::SystemRandom random_;
  std::filesystem::path folder_;
  std::filesystem::path path_;
  const std::string right_ = to_base64(Bytes(32, 9)) + "\n";
};

TEST_F(MasterKeyTest, IsReadAsItWasWritten) {
  ASSERT_TRUE(write_master_key(path_, random_));
  const auto key = read_master_key(path_);
  ASSERT_TRUE(key);
  EXPECT_EQ(key->size(), 32u);
  EXPECT_EQ(*read_file(path_, 100), to_base64(key->reveal()) + "\n");
}

TEST_F(MasterKeyTest, IsForItsOwnerOnly) {
  ASSERT_TRUE(write_master_key(path_, random_));
  struct stat status = {};
  ASSERT_EQ(::stat(path_.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777, 0400u);
}

TEST_F(MasterKeyTest, IsNeverReplaced) {
  ASSERT_TRUE(write_master_key(path_, random_));
  const std::string before = *read_file(path_, 100);
  const auto again = write_master_key(path_, random_);
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().kind, ErrorKind::invalid);
  EXPECT_EQ(*read_file(path_, 100), before);
}

TEST_F(MasterKeyTest, NothingElseIsLeftBeside) {
  ASSERT_TRUE(write_master_key(path_, random_));
  EXPECT_FALSE(write_master_key(path_, random_));
  EXPECT_EQ(count_files(), 1);
}

TEST_F(MasterKeyTest, IsNotWrittenIntoAFolderThatIsNotThere) {
  EXPECT_FALSE(write_master_key(folder_ / "missing" / "master.key", random_));
}

TEST_F(MasterKeyTest, ThatOthersCanReachIsRefused) {
  for (const unsigned mode : {0440u, 0404u, 0420u, 0644u, 0410u, 0401u}) {
    write(right_, mode);
    const auto key = read_master_key(path_);
    ASSERT_FALSE(key) << mode;
    EXPECT_EQ(key.error().kind, ErrorKind::invalid);
  }
  write(right_, 0600);
  EXPECT_TRUE(read_master_key(path_));
}

TEST_F(MasterKeyTest, OfAnotherFormIsRefused) {
  for (const std::string& content :
       {std::string(), std::string(32, 'a'), right_.substr(0, 44), right_ + "\n", "\n" + right_,
        to_base64(Bytes(33, 9)) + "\n", std::string(44, '!') + "\n", to_base64(Bytes(31, 9)) + "\n",
        right_.substr(0, 44) + " "}) {
    write(content, 0400);
    EXPECT_FALSE(read_master_key(path_)) << content;
  }
}

TEST_F(MasterKeyTest, ThatIsMissingIsNotFound) {
  const auto key = read_master_key(path_);
  ASSERT_FALSE(key);
  EXPECT_EQ(key.error().kind, ErrorKind::not_found);
}

}  // namespace
}  // namespace hallmark::keys
