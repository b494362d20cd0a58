#include "crypto/algorithm.h"

#include <filesystem>

#include <gtest/gtest.h>

#include "base/file.h"
#include "crypto/algorithm_table.h"

namespace hallmark::crypto {
namespace {

constexpr std::array all_algorithms = {
    SignatureAlgorithm::ecdsa_sha256, SignatureAlgorithm::ecdsa_sha384,
    SignatureAlgorithm::rsa_sha256, SignatureAlgorithm::rsa_sha1};

TEST(Algorithm, NamesOfKeysAreStable) {
  EXPECT_EQ(name_of(KeyKind::p256), "ECDSA_P256_SHA256");
  EXPECT_EQ(name_of(KeyKind::p384), "ECDSA_P384_SHA384");
  EXPECT_EQ(name_of(KeyKind::rsa), "RSA");
}

TEST(Algorithm, NamesAreThoseOfSignedDocuments) {
  EXPECT_EQ(name_of(SignatureAlgorithm::ecdsa_sha256), "SHA256withECDSA");
  EXPECT_EQ(name_of(SignatureAlgorithm::ecdsa_sha384), "SHA384withECDSA");
  EXPECT_EQ(name_of(SignatureAlgorithm::rsa_sha256), "SHA256withRSA");
  EXPECT_EQ(name_of(SignatureAlgorithm::rsa_sha1), "SHA1withRSA");
}

TEST(Algorithm, EachIsFoundByItsNames) {
  for (const SignatureAlgorithm algorithm : all_algorithms) {
    const AlgorithmRow& row = row_of(algorithm);
    EXPECT_EQ(find_signature_algorithm(row.name), algorithm);
    EXPECT_EQ(find_signature_algorithm(row.encryption, row.hash), algorithm);
  }
  for (const char* name : {"", "sha256withecdsa", "SHA1withECDSA", "NONEwithRSA"}) {
    EXPECT_EQ(find_signature_algorithm(name), std::nullopt) << name;
  }
  EXPECT_EQ(find_signature_algorithm("ECDSA", "SHA1"), std::nullopt);
  EXPECT_EQ(find_signature_algorithm("RSA", "SHA384"), std::nullopt);
  EXPECT_EQ(find_signature_algorithm("", ""), std::nullopt);
}

TEST(Algorithm, FixesItsDigestAndItsKey) {
  EXPECT_EQ(digest_of(SignatureAlgorithm::ecdsa_sha256), DigestAlgorithm::sha256);
  EXPECT_EQ(digest_of(SignatureAlgorithm::ecdsa_sha384), DigestAlgorithm::sha384);
  EXPECT_EQ(digest_of(SignatureAlgorithm::rsa_sha256), DigestAlgorithm::sha256);
  EXPECT_EQ(digest_of(SignatureAlgorithm::rsa_sha1), DigestAlgorithm::sha1);
  for (const KeyRow& row : key_rows()) EXPECT_EQ(key_kind_of(algorithm_of(row.kind)), row.kind);
}

TEST(Algorithm, NoKeySignsWithSha1UnlessToldTo) {
  for (const KeyRow& row : key_rows()) {
    EXPECT_NE(digest_of(algorithm_of(row.kind)), DigestAlgorithm::sha1);
  }
}

// What algorithm.h promises: the way to SHA-1 leads over the names of a platform's row.
TEST(Algorithm, NoOtherSourceNamesSha1) {
  const std::filesystem::path sources = std::filesystem::path(HALLMARK_VECTORS) / "../../src";
  int read = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(sources)) {
    const std::string name = entry.path().filename().string();
    if (!name.ends_with(".cc") && !name.ends_with(".h")) continue;
    if (name.ends_with("_test.cc") || name == "algorithm.h" || name == "algorithm.cc") continue;
    const auto text = read_file(entry.path(), 1 << 20);
    ASSERT_TRUE(text) << name;
    EXPECT_EQ(text->find("rsa_sha1"), std::string::npos) << name;
    ++read;
  }
  EXPECT_GT(read, 100);
}

}  // namespace
}  // namespace hallmark::crypto
