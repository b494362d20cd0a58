#include "keys/pkcs11_uri.h"

#include <gtest/gtest.h>

#include "base/test_support.h"

namespace hallmark::keys {
namespace {

using hallmark::test::error_of;
using hallmark::test::value_of;

Pkcs11Uri parsed(std::string_view text) { return value_of(Pkcs11Uri::parse(text)); }
bool refused(std::string_view text) {
  const auto uri = Pkcs11Uri::parse(text);
  return !uri && uri.error().kind == ErrorKind::invalid;
}

TEST(Pkcs11Uri, NamesTokenModuleAndPin) {
  const auto uri = parsed("pkcs11:token=prod?module-path=/usr/lib/p.so&pin-source=file:/etc/pin");
  EXPECT_EQ(uri.token, "prod");
  EXPECT_EQ(uri.module_path, "/usr/lib/p.so");
  EXPECT_EQ(uri.pin_source, "file:/etc/pin");
  EXPECT_EQ(uri.text(), "token prod");
}

// RFC 7512 §3 has most of these.
TEST(Pkcs11Uri, ReadsTheExamplesOfTheStandard) {
  const auto uri = parsed(
      "pkcs11:token=The%20Software%20PKCS%2311%20Softtoken;manufacturer=Snake%20Oil,%20Inc.;"
      "model=1.0;object=my-certificate;serial=4%3b;slot-id=327?module-path=/mnt/p.so&"
      "pin-source=file:/etc/token_pin");
  EXPECT_EQ(uri.token, "The Software PKCS#11 Softtoken");
  EXPECT_EQ(uri.manufacturer, "Snake Oil, Inc.");
  EXPECT_EQ(uri.model, "1.0");
  EXPECT_EQ(uri.object, "my-certificate");
  EXPECT_EQ(uri.serial, "4;");
  EXPECT_EQ(uri.slot, 327u);
}

TEST(Pkcs11Uri, MayNameTheTokenByItsSlotOrSerialNumber) {
  EXPECT_EQ(parsed("pkcs11:slot-id=0?module-path=/p.so").slot, 0u);
  EXPECT_EQ(parsed("pkcs11:serial=a1?module-path=/p.so").text(), "token of serial number a1");
}

TEST(Pkcs11Uri, WithoutATokenOrAModuleIsRefused) {
  for (const char* text :
       {"pkcs11:", "pkcs11:?module-path=/p.so", "pkcs11:token=a", "pkcs11:token=?module-path=/p.so",
        "pkcs11:object=a?module-path=/p.so", "pkcs11:token=a?module-path=p.so", "token=a", ""}) {
    EXPECT_TRUE(refused(text)) << text;
  }
}

TEST(Pkcs11Uri, WithThePinInItIsRefusedWithoutRepeatingIt) {
  const auto error =
      error_of(Pkcs11Uri::parse("pkcs11:token=a?module-path=/p.so&pin-value=314159"));
  EXPECT_EQ(error.kind, ErrorKind::invalid);
  EXPECT_EQ(describe(error).find("314159"), std::string::npos);
  EXPECT_NE(error.message.find("pin-source"), std::string::npos);
}

TEST(Pkcs11Uri, WithWhatIsNotKnownOrComesTwiceIsRefused) {
  for (const char* text :
       {"pkcs11:token=a;colour=red?module-path=/p.so", "pkcs11:token=a;token=b?module-path=/p.so",
        "pkcs11:token=a?module-path=/p.so&module-path=/q.so",
        "pkcs11:token=a?module-path=/p.so&x=y",
        "pkcs11:token=a;slot-id=1;slot-id=1?module-path=/p.so",
        "pkcs11:token=a;slot-id=x?module-path=/p.so", "pkcs11:token?module-path=/p.so",
        "pkcs11:token=a;type=cert?module-path=/p.so"}) {
    EXPECT_TRUE(refused(text)) << text;
  }
}

TEST(Pkcs11Uri, WithABrokenEscapeOrAControlCharacterIsRefused) {
  for (const char* text :
       {"pkcs11:token=%?module-path=/p.so", "pkcs11:token=%4?module-path=/p.so",
        "pkcs11:token=%zz?module-path=/p.so", "pkcs11:token=a%00?module-path=/p.so",
        "pkcs11:token=a%0a?module-path=/p.so"}) {
    EXPECT_TRUE(refused(text)) << text;
  }
  EXPECT_TRUE(refused("pkcs11:token=" + std::string(3000, 'a') + "?module-path=/p.so"));
}

}  // namespace
}  // namespace hallmark::keys
