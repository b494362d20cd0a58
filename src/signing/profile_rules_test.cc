#include "signing/profile_rules.h"

#include <gtest/gtest.h>

#include "base/test_support.h"

namespace hallmark::signing {
namespace {

using test::value_of;
using Unit = model::ValidityPeriod::Unit;

constexpr std::string_view lambda = "AWSLambda-SHA384-ECDSA";
constexpr std::string_view free_rtos = "AmazonFreeRTOS-Default";
constexpr std::string_view notation = "Notation-OCI-SHA384-ECDSA";

PutSigningProfile call(std::string_view platform = lambda) {
  return {.name = value_of(model::ProfileName::parse("Release")),
          .platform_id = std::string(platform),
          .validity = {},
          .certificate_arn = {},
          .overrides = {},
          .signing_parameters = {},
          .tags = {}};
}

Timestamp now() { return value_of(from_rfc3339("2026-11-22T09:00:00Z")); }

// "" when the profile is fine.
std::string refusal(const PutSigningProfile& of, ErrorKind kind = ErrorKind::invalid) {
  const auto checked = check_profile_rules(of, now());
  if (checked) return "";
  EXPECT_EQ(checked.error().kind, kind) << checked.error().message;
  return checked.error().message;
}
std::string tag_refusal(model::StringMap tags) {
  PutSigningProfile tagged = call();
  tagged.tags = std::move(tags);
  return refusal(tagged);
}
std::string validity_refusal(Unit unit, int value) {
  PutSigningProfile valid = call();
  valid.validity = model::ValidityPeriod{unit, value};
  return refusal(valid);
}

TEST(ProfileRules, APlainLambdaProfileIsFine) { EXPECT_EQ(refusal(call()), ""); }
TEST(ProfileRules, APlainNotationProfileIsFine) { EXPECT_EQ(refusal(call(notation)), ""); }

TEST(ProfileRules, AnUnknownPlatformIsNamed) {
  EXPECT_EQ(refusal(call("AWSLambda-SHA512-ECDSA")),
            "platformId AWSLambda-SHA512-ECDSA does not name a signing platform.");
  EXPECT_NE(refusal(call("awslambda-sha384-ecdsa")), "");
  EXPECT_NE(refusal(call("")), "");
}

// signingMaterial.

TEST(ProfileRules, APlatformWithCertificatesNeedsOne) {
  for (const auto platform : {free_rtos, std::string_view("AWSIoTDeviceManagement-SHA256-ECDSA"),
                              std::string_view("AmazonFreeRTOS-TI-CC3220SF")}) {
    EXPECT_EQ(refusal(call(platform)), "signing material cannot be null.");
  }
}

TEST(ProfileRules, APlatformOfOurOwnCertificatesTakesNone) {
  PutSigningProfile with = call();
  with.certificate_arn = "arn:aws:acm:us-east-1:111122223333:certificate/1";
  EXPECT_EQ(refusal(with),
            "signingMaterial must not be present when using AWSLambda-SHA384-ECDSA platform.");
}

// signingParameters.

TEST(ProfileRules, LambdaTakesNoSigningParameters) {
  PutSigningProfile with = call();
  with.signing_parameters = {{"certname", "x"}};
  EXPECT_EQ(refusal(with),
            "Signing parameters should not be present when using AWSLambda-SHA384-ECDSA platform");
}

TEST(ProfileRules, SigningParametersAreBounded) {
  PutSigningProfile with = call(notation);
  with.signing_parameters = {{std::string(2048, 'n'), std::string(2048, 'v')}};
  EXPECT_EQ(refusal(with), "");
  with.signing_parameters = {{"name", std::string(2049, 'v')}};
  EXPECT_NE(refusal(with), "");
  with.signing_parameters = {{std::string(2049, 'n'), ""}};
  EXPECT_NE(refusal(with), "");
  with.signing_parameters = {{"", "v"}};
  EXPECT_NE(refusal(with), "");
}

TEST(ProfileRules, ThereAreAtMost100SigningParameters) {
  PutSigningProfile with = call(notation);
  for (int i = 0; i < 100; ++i) with.signing_parameters.emplace_back(std::to_string(i), "");
  EXPECT_EQ(refusal(with), "");
  with.signing_parameters.emplace_back("100", "");
  EXPECT_EQ(refusal(with), "signingParameters must have at most 100 entries.");
}

// Overrides.

TEST(ProfileRules, OverridesAreAmongThePlatformsOwn) {
  PutSigningProfile with = call();
  with.overrides = {
      .encryption_algorithm = "ECDSA", .hash_algorithm = "SHA384", .image_format = "JSONDetached"};
  EXPECT_EQ(refusal(with), "");
}

TEST(ProfileRules, AForeignEncryptionAlgorithmIsRefused) {
  PutSigningProfile with = call();
  with.overrides.encryption_algorithm = "RSA";
  EXPECT_EQ(refusal(with),
            "overrides.signingConfiguration.encryptionAlgorithm must be one of [ECDSA] for this "
            "platform.");
}

TEST(ProfileRules, AForeignHashAlgorithmIsRefused) {
  PutSigningProfile with = call();
  with.overrides.hash_algorithm = "SHA1";
  EXPECT_EQ(refusal(with),
            "overrides.signingConfiguration.hashAlgorithm must be one of [SHA384] for this "
            "platform.");
}

TEST(ProfileRules, AForeignImageFormatIsRefused) {
  for (const char* format : {"JSON", "JSONEmbedded", "jsondetached"}) {
    PutSigningProfile with = call();
    with.overrides.image_format = format;
    EXPECT_EQ(refusal(with),
              "overrides.signingImageFormat must be one of [JSONDetached] for this platform.");
  }
}

// Validity.

constexpr std::string_view validity_message =
    "signatureValidityPeriod must be at least 1 day and at most 135 months.";

TEST(ProfileRules, ASignatureIsValidForOneDayTo135Months) {
  EXPECT_EQ(validity_refusal(Unit::days, 1), "");
  EXPECT_EQ(validity_refusal(Unit::months, 135), "");
  EXPECT_EQ(validity_refusal(Unit::months, 136), validity_message);
}

TEST(ProfileRules, DaysAndYearsAreBoundedBy135MonthsToo) {
  EXPECT_EQ(validity_refusal(Unit::years, 11), "");
  EXPECT_EQ(validity_refusal(Unit::years, 12), validity_message);
  // 22 November 2026 + 135 months = 22 February 2038.
  EXPECT_EQ(validity_refusal(Unit::days, 4110), "");
  EXPECT_EQ(validity_refusal(Unit::days, 4111), validity_message);
}

TEST(ProfileRules, AbsurdPeriodsAreRefused) {
  for (const int value :
       {0, -1, std::numeric_limits<int>::min(), 10'001, std::numeric_limits<int>::max()}) {
    for (const Unit unit : {Unit::days, Unit::months, Unit::years}) {
      EXPECT_EQ(validity_refusal(unit, value), validity_message) << value;
    }
  }
}

// Tags.

TEST(ProfileRules, ATagMayHaveEveryCharacterOfItsPattern) {
  EXPECT_EQ(tag_refusal({{"abcXYZ019+,-./:;<=_", "anything \xe2\x98\x83"}}), "");
}

TEST(ProfileRules, ATagKeyOutsideOfItsPatternIsRefused) {
  for (const char* key : {"", "a b", "a@b", "a*", "a>b", "\xc3\xa4", "aws:x", "a\nb", "a\\b"}) {
    EXPECT_EQ(tag_refusal({{key, "v"}}),
              "tags: a key must have 1 to 128 characters, and match "
              "^(?!aws:)[a-zA-Z+-=._:/]+$.")
        << key;
  }
}

TEST(ProfileRules, OnlyThePrefixAwsIsReserved) {
  EXPECT_EQ(tag_refusal({{"AWS:x", ""}, {"xaws:", ""}, {"aws", ""}}), "");
}

TEST(ProfileRules, ATagKeyHasAtMost128Characters) {
  EXPECT_EQ(tag_refusal({{std::string(128, 'k'), ""}}), "");
  EXPECT_NE(tag_refusal({{std::string(129, 'k'), ""}}), "");
}

TEST(ProfileRules, ATagValueHasAtMost256CharactersNotBytes) {
  std::string snowmen;
  for (int i = 0; i < 256; ++i) snowmen += "\xe2\x98\x83";
  EXPECT_EQ(tag_refusal({{"k", snowmen}}), "");
  EXPECT_EQ(tag_refusal({{"k", snowmen + "x"}}), "tags: a value must have at most 256 characters.");
}

TEST(ProfileRules, TagKeysThatDifferOnlyInCaseAreRefused) {
  EXPECT_EQ(tag_refusal({{"stage", "prod"}, {"Stage", "test"}}),
            "tags: two keys differ only in case.");
}

TEST(ProfileRules, ThereAreAtMost200Tags) {
  model::StringMap tags;
  for (int i = 0; i < 200; ++i) tags.emplace_back(std::to_string(i), "");
  EXPECT_EQ(tag_refusal(tags), "");
  tags.emplace_back("200", "");
  EXPECT_EQ(tag_refusal(tags), "tags must have at most 200 entries.");
}

}  // namespace
}  // namespace hallmark::signing
