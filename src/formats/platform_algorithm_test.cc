#include "formats/platform_algorithm.h"

#include <gtest/gtest.h>

namespace hallmark::formats {
namespace {

using crypto::KeyKind;
using crypto::SignatureAlgorithm;

Result<SignatureAlgorithm> algorithm(std::string_view id,
                                     const model::PlatformOverrides& overrides = {}) {
  return signature_algorithm_of(*model::find_platform(id), overrides);
}

TEST(PlatformAlgorithm, IsTheOneThatThePlatformIsNamedAfter) {
  EXPECT_EQ(*algorithm("AWSIoTDeviceManagement-SHA256-ECDSA"), SignatureAlgorithm::ecdsa_sha256);
  EXPECT_EQ(*algorithm("AmazonFreeRTOS-Default"), SignatureAlgorithm::ecdsa_sha256);
  EXPECT_EQ(*algorithm("AmazonFreeRTOS-TI-CC3220SF"), SignatureAlgorithm::rsa_sha1);
  EXPECT_EQ(*algorithm("AWSLambda-SHA384-ECDSA"), SignatureAlgorithm::ecdsa_sha384);
  EXPECT_EQ(*algorithm("Notation-OCI-SHA384-ECDSA"), SignatureAlgorithm::ecdsa_sha384);
}

TEST(PlatformAlgorithm, FollowsTheProfilesOverrides) {
  EXPECT_EQ(*algorithm("AmazonFreeRTOS-Default", {.encryption_algorithm = "RSA",
                                                  .hash_algorithm = "SHA256",
                                                  .image_format = "JSONEmbedded"}),
            SignatureAlgorithm::rsa_sha256);
}

// Every combination of names that there is, on every platform.
TEST(PlatformAlgorithm, IsSha1ForTheBootLoaderOfTiAndForNothingElse) {
  for (const model::Platform& platform : model::platforms()) {
    for (const char* encryption : {"", "ECDSA", "RSA"}) {
      for (const char* hash : {"", "SHA1", "SHA256", "SHA384"}) {
        const auto chosen = signature_algorithm_of(
            platform,
            {.encryption_algorithm = encryption, .hash_algorithm = hash, .image_format = ""});
        const bool is_sha1 = chosen && crypto::digest_of(*chosen) == crypto::DigestAlgorithm::sha1;
        EXPECT_TRUE(!is_sha1 || platform.id == "AmazonFreeRTOS-TI-CC3220SF")
            << platform.id << encryption << hash;
      }
    }
  }
}

TEST(PlatformAlgorithm, AForeignOverrideIsAFault) {
  const auto chosen =
      algorithm("AmazonFreeRTOS-Default",
                {.encryption_algorithm = "RSA", .hash_algorithm = "SHA1", .image_format = ""});
  ASSERT_FALSE(chosen);
  EXPECT_EQ(chosen.error().kind, ErrorKind::internal);
}

TEST(PlatformAlgorithm, AllOfAPlatformAreKnown) {
  EXPECT_EQ(signature_algorithms_of(*model::find_platform("AmazonFreeRTOS-Default")),
            (std::vector{SignatureAlgorithm::ecdsa_sha256, SignatureAlgorithm::rsa_sha256}));
}

std::string refusal(SignatureAlgorithm chosen, KeyKind kind) {
  const auto checked = check_key_kind(chosen, kind);
  if (checked) return "";
  EXPECT_EQ(checked.error().kind, ErrorKind::invalid);
  return checked.error().message;
}

TEST(PlatformAlgorithm, TakesTheOneKindOfKey) {
  EXPECT_EQ(refusal(SignatureAlgorithm::ecdsa_sha256, KeyKind::p256), "");
  EXPECT_EQ(refusal(SignatureAlgorithm::rsa_sha256, KeyKind::rsa), "");
  EXPECT_EQ(refusal(SignatureAlgorithm::ecdsa_sha256, KeyKind::rsa),
            "can't identify EC private key.");
  EXPECT_EQ(refusal(SignatureAlgorithm::ecdsa_sha256, KeyKind::p384),
            "The signing profile's certificate has a P-384 key, but SHA256withECDSA needs a P-256 "
            "key.");
  EXPECT_EQ(refusal(SignatureAlgorithm::rsa_sha256, KeyKind::p256),
            "The signing profile's certificate has a P-256 key, but SHA256withRSA needs an RSA "
            "key.");
}

}  // namespace
}  // namespace hallmark::formats
