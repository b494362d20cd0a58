#include "keys/file_keys.h"

#include <algorithm>
#include <thread>

#include <sys/stat.h>

#include <gtest/gtest.h>

#include "base/encoding.h"
#include "base/file.h"
#include "crypto/aead.h"
#include "crypto/digest.h"
#include "crypto/random.h"

namespace hallmark::keys {
namespace {

constexpr auto p256 = crypto::KeyKind::p256;
constexpr auto p384 = crypto::KeyKind::p384;
constexpr std::string_view id = "0192f0c1-0000-7000-8000-000000000001";
constexpr std::string_view other_id = "0192f0c1-0000-7000-8000-000000000002";

class FileKeysTest : public testing::Test {
 protected:
  crypto::SystemRandom random_;
  std::unique_ptr<KeyProvider> keys_ = provider(7);

  std::unique_ptr<KeyProvider> provider(std::uint8_t byte) {
    return file_keys(Secret(ByteView(Bytes(crypto::aead_key_bytes, byte))), random_);
  }
};

TEST_F(FileKeysTest, OpensTheKeyThatItMade) {
  for (const auto kind : {p256, p384}) {
    const auto created = keys_->create(Purpose::code_signing, kind, id);
    ASSERT_TRUE(created);
    const auto opened = keys_->open(created->sealed, Purpose::code_signing, id);
    ASSERT_TRUE(opened) << describe(opened.error());
    EXPECT_EQ((*opened)->kind(), kind);
    EXPECT_EQ(to_hex((*opened)->public_key()), to_hex(created->signer->public_key()));
  }
}

TEST_F(FileKeysTest, AnOpenedKeySignsForTheCertificateOfTheCreatedOne) {
  const auto created = keys_->create(Purpose::code_signing, p384, id);
  const auto opened = keys_->open(created->sealed, Purpose::code_signing, id);
  const auto digest = crypto::sha384(bytes_of("x"));
  const auto signature = (*opened)->sign_digest(crypto::algorithm_of(p384), digest);
  ASSERT_TRUE(signature);
  EXPECT_TRUE(*crypto::verify_digest(crypto::algorithm_of(p384), created->signer->public_key(),
                                     digest, *signature));
}

TEST_F(FileKeysTest, AKeyThatItsUserBroughtIsSealedAndOpenedLikeOthers) {
  const auto pem = read_file(HALLMARK_VECTORS "/keys/rsa-2048.pem", 1 << 16);
  ASSERT_TRUE(pem);
  const auto brought = keys_->import_key(Purpose::imported_certificate, bytes_of(*pem), id);
  ASSERT_TRUE(brought);
  const auto opened = keys_->open(brought->sealed, Purpose::imported_certificate, id);
  ASSERT_TRUE(opened);
  EXPECT_EQ((*opened)->kind(), crypto::KeyKind::rsa);
  EXPECT_TRUE(std::ranges::equal((*opened)->public_key(), brought->signer->public_key()));
  EXPECT_FALSE(keys_->open(brought->sealed, Purpose::code_signing, id));
}

TEST_F(FileKeysTest, WhatIsNoKeyIsNotKept) {
  EXPECT_EQ(keys_->import_key(Purpose::imported_certificate, bytes_of("no key"), id).error().kind,
            ErrorKind::invalid);
}

TEST_F(FileKeysTest, AKeyOpensForItsOwnPurposeAndIdOnly) {
  const Bytes sealed = keys_->create(Purpose::code_signing, p384, id)->sealed;
  for (const auto purpose : {Purpose::root_certificate, Purpose::intermediate_certificate}) {
    const auto opened = keys_->open(sealed, purpose, id);
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().kind, ErrorKind::corrupt);
  }
  EXPECT_FALSE(keys_->open(sealed, Purpose::code_signing, other_id));
}

TEST_F(FileKeysTest, AnotherMasterKeyOpensNothing) {
  const Bytes sealed = keys_->create(Purpose::code_signing, p384, id)->sealed;
  EXPECT_FALSE(provider(8)->open(sealed, Purpose::code_signing, id));
  EXPECT_TRUE(provider(7)->open(sealed, Purpose::code_signing, id));
}

TEST_F(FileKeysTest, EveryChangedByteIsNoticed) {
  Bytes sealed = keys_->create(Purpose::code_signing, p256, id)->sealed;
  for (auto& byte : sealed) {
    for (const std::uint8_t flip :
         std::initializer_list<std::uint8_t>{0x01, 0x03, 0x80}) {  // 0x03 names the other algorithm
      byte ^= flip;
      EXPECT_FALSE(keys_->open(sealed, Purpose::code_signing, id));
      byte ^= flip;
    }
  }
  for (std::size_t size = 0; size < sealed.size(); ++size) {
    EXPECT_FALSE(keys_->open(ByteView(sealed).first(size), Purpose::code_signing, id));
  }
}

TEST_F(FileKeysTest, TheSealedBytesDoNotShowTheKey) {
  const auto created = keys_->create(Purpose::code_signing, p384, id);
  const Bytes begin_of_pkcs8 = {0x30, 0x81, 0xb6, 0x02, 0x01, 0x00};
  EXPECT_TRUE(std::ranges::search(created->sealed, begin_of_pkcs8).empty());
  const Bytes point = copy_of(created->signer->public_key().last(96));
  EXPECT_TRUE(std::ranges::search(created->sealed, point).empty());
}

TEST_F(FileKeysTest, EachKeyIsAnother) {
  const auto one = keys_->create(Purpose::code_signing, p384, id);
  const auto two = keys_->create(Purpose::code_signing, p384, id);
  EXPECT_NE(to_hex(one->signer->public_key()), to_hex(two->signer->public_key()));
}

TEST_F(FileKeysTest, UnsealsASecretUnderItsContextOnly) {
  const Bytes sealed = keys_->seal(bytes_of("wJalrXUtnFEMI"), "access key AKID");
  const auto secret = keys_->unseal(sealed, "access key AKID");
  ASSERT_TRUE(secret);
  EXPECT_EQ(text_of(secret->reveal()), "wJalrXUtnFEMI");
  EXPECT_FALSE(keys_->unseal(sealed, "access key OTHER"));
  EXPECT_FALSE(provider(8)->unseal(sealed, "access key AKID"));
}

TEST_F(FileKeysTest, ASecretNeverOpensAsAKeyNorAKeyAsASecret) {
  const Bytes sealed = keys_->create(Purpose::code_signing, p384, id)->sealed;
  const std::string context = "1/code_signing/ECDSA_P384_SHA384/" + std::string(id);
  EXPECT_FALSE(keys_->unseal(ByteView(sealed).subspan(2), context));
  Bytes forged = {1, 2};
  append(forged, keys_->seal(bytes_of("anything"), context));
  EXPECT_FALSE(keys_->open(forged, Purpose::code_signing, id));
}

TEST_F(FileKeysTest, SignersAreUsedFromManyThreads) {
  const auto created = keys_->create(Purpose::code_signing, p384, id);
  const auto digest = crypto::sha384(bytes_of("x"));
  std::vector<std::jthread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int j = 0; j < 25; ++j) {
        const auto signature = created->signer->sign_digest(crypto::algorithm_of(p384), digest);
        ASSERT_TRUE(signature);
        EXPECT_TRUE(*crypto::verify_digest(crypto::algorithm_of(p384),
                                           created->signer->public_key(), digest, *signature));
      }
    });
  }
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
