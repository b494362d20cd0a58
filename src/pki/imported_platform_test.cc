#include "pki/imported_platform.h"

#include "pki/test_imported.h"

namespace hallmark::pki {
namespace {

constexpr std::string_view iot = "AWSIoTDeviceManagement-SHA256-ECDSA";
constexpr std::string_view freertos = "AmazonFreeRTOS-Default";
constexpr std::string_view ti = "AmazonFreeRTOS-TI-CC3220SF";

class ImportedPlatform : public test::ImportedTest {
 protected:
  std::string check(std::string_view name, std::string_view platform,
                    const model::PlatformOverrides& overrides = {}) {
    const auto fit =
        check_for_platform(facts(imported(name)), {*model::find_platform(platform), overrides});
    if (fit) return "fit";
    EXPECT_EQ(fit.error().kind, ErrorKind::invalid);
    return fit.error().message.substr(fit.error().message.find("signing: ") + 9);
  }
};

TEST_F(ImportedPlatform, TakesTheKeysThatItSignsWith) {
  EXPECT_EQ(check("signer", iot), "fit");
  EXPECT_EQ(check("signer", freertos), "fit");
  EXPECT_EQ(check("rsa2048", ti), "fit");
}

TEST_F(ImportedPlatform, RefusesOtherKeys) {
  EXPECT_EQ(check("rsa2048", iot), "a key RSA_2048 does not sign for " + std::string(iot) + ".");
  EXPECT_NE(check("rsa2048", freertos), "fit");
  EXPECT_EQ(check("p384", iot), "a key EC_secp384r1 does not sign for " + std::string(iot) + ".");
  EXPECT_NE(check("signer", ti), "fit");
}

TEST_F(ImportedPlatform, MindsWhatTheProfileOverrides) {
  EXPECT_EQ(check("rsa2048", freertos, {"RSA", {}, {}}), "fit");
  EXPECT_NE(check("signer", freertos, {"RSA", {}, {}}), "fit");
  EXPECT_EQ(check("signer", freertos, {"ECDSA", "SHA256", {}}), "fit");
  EXPECT_NE(check("rsa2048", freertos, {"ECDSA", {}, {}}), "fit");
}

TEST_F(ImportedPlatform, WantsTheUsesToBeSaid) {
  EXPECT_EQ(check("bare", iot), "its key usage does not name digitalSignature.");
  EXPECT_EQ(check("tls", iot), "its extended key usage does not name codeSigning.");
}

TEST_F(ImportedPlatform, WantsNoAuthority) {
  EXPECT_TRUE(
      check("authority", iot).starts_with("it is one of an authority (basicConstraints CA:TRUE"));
}

TEST_F(ImportedPlatform, WantsOneThatHasNotExpired) {
  const std::string arn = imported("short");
  made.clock.set(facts(arn).not_after);
  EXPECT_FALSE(check_for_platform(facts(arn), {*model::find_platform(iot), {}}));
}

}  // namespace
}  // namespace hallmark::pki
