#include "model/platform.h"

#include <gtest/gtest.h>

#include <vector>

namespace hallmark::model {
namespace {

std::vector<std::string_view> ids_where(bool (*wanted)(const Platform&)) {
  std::vector<std::string_view> ids;
  for (const Platform& platform : platforms()) {
    if (wanted(platform)) ids.push_back(platform.id);
  }
  return ids;
}
using Ids = std::vector<std::string_view>;

TEST(Platform, TheListHasTheOrderOfTheService) {
  EXPECT_EQ(
      ids_where([](const Platform&) { return true; }),
      (Ids{"AWSIoTDeviceManagement-SHA256-ECDSA", "AWSLambda-SHA384-ECDSA",
           "AmazonFreeRTOS-TI-CC3220SF", "AmazonFreeRTOS-Default", "Notation-OCI-SHA384-ECDSA"}));
}

TEST(Platform, IsFoundByItsWholeId) {
  for (const Platform& platform : platforms()) EXPECT_EQ(find_platform(platform.id), &platform);
  for (const char* id : {"", "AWSLambda", "awslambda-sha384-ecdsa"}) {
    EXPECT_EQ(find_platform(id), nullptr);
  }
}

TEST(Platform, TheIotDisplayNameEndsInASpaceAsTheServiceAnswersIt) {
  EXPECT_EQ(find_platform("AWSIoTDeviceManagement-SHA256-ECDSA")->display_name,
            "AWS IoT Device Management SHA256-ECDSA ");
}

TEST(Platform, EachHasADefaultOfEveryKind) {
  for (const Platform& platform : platforms()) {
    EXPECT_FALSE(platform.encryption_algorithms.empty());
    EXPECT_FALSE(platform.hash_algorithms.empty());
    EXPECT_FALSE(platform.image_formats.empty());
    EXPECT_GT(platform.size_mib_max, 0);
    EXPECT_EQ(platform.category, "AWS");
  }
}

TEST(Platform, LambdaAndNotationSupportRevocation) {
  EXPECT_EQ(ids_where([](const Platform& platform) { return platform.revocation_supported; }),
            (Ids{"AWSLambda-SHA384-ECDSA", "Notation-OCI-SHA384-ECDSA"}));
}

TEST(Platform, TheDevicePlatformsRequireACertificate) {
  EXPECT_EQ(ids_where([](const Platform& platform) { return platform.certificate_required; }),
            (Ids{"AWSIoTDeviceManagement-SHA256-ECDSA", "AmazonFreeRTOS-TI-CC3220SF",
                 "AmazonFreeRTOS-Default"}));
}

TEST(Platform, OnlyNotationIsSignedBySignPayload) {
  EXPECT_EQ(ids_where([](const Platform& platform) { return !platform.job_platform; }),
            (Ids{"Notation-OCI-SHA384-ECDSA"}));
}

TEST(Platform, OnlyTheBootLoaderOfTiHasSha1) {
  for (const Platform& platform : platforms()) {
    for (const std::string_view hash : platform.hash_algorithms) {
      EXPECT_EQ(hash == "SHA1", platform.id == "AmazonFreeRTOS-TI-CC3220SF") << platform.id;
    }
  }
}

TEST(Platform, EveryPlatformOfJobsHasAFormat) {
  for (const Platform& platform : platforms()) {
    EXPECT_NE(platform.format.empty(), platform.job_platform) << platform.id;
  }
}

TEST(Platform, LambdaHashesWithSha384AndTakes250Mib) {
  const Platform& lambda = *find_platform("AWSLambda-SHA384-ECDSA");
  EXPECT_EQ(lambda.hash_algorithms.front(), "SHA384");
  EXPECT_EQ(lambda.size_mib_max, 250);
  EXPECT_EQ(lambda.format, "lambda-zip");
}

}  // namespace
}  // namespace hallmark::model
