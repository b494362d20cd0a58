#include "crypto/private_key.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "crypto/digest.h"
#include "crypto/test_keys.h"

namespace hallmark::crypto {
namespace {

std::string refusal(std::string_view text) {
  const auto key = import_private_key(bytes_of(text));
  if (key) return "";
  EXPECT_EQ(key.error().kind, ErrorKind::invalid) << describe(key.error());
  return key.error().message;
}

// What openssl writes with these arguments to standard output.
std::string openssl(const std::string& arguments) {
  const CommandResult done = run("openssl " + arguments + " 2>/dev/null");
  EXPECT_EQ(done.status, 0) << arguments;
  return done.output;
}

std::string public_key_of(std::string_view name) {
  return openssl(fmt::format("pkey -in '{}' -pubout -outform DER", key_file(name)));
}

class PrivateKeyTest : public testing::TestWithParam<const char*> {
 protected:
  void expect_imported(std::string_view text) const {
    const auto key = import_private_key(bytes_of(text));
    ASSERT_TRUE(key) << describe(key.error());
    SystemRandom random;
    const auto signer = software_signer(*key, random);
    ASSERT_TRUE(signer) << describe(signer.error());
    EXPECT_EQ((*signer)->kind(), key->kind);
    EXPECT_EQ(text_of((*signer)->public_key()), public_key_of(GetParam()));
  }
};

INSTANTIATE_TEST_SUITE_P(Keys, PrivateKeyTest,
                         testing::Values("p256", "p384", "rsa-2048", "rsa-3072", "rsa-4096"),
                         [](const auto& row) {
                           std::string name = row.param;
                           std::ranges::replace(name, '-', '_');
                           return name;
                         });

TEST_P(PrivateKeyTest, IsReadFromPkcs8) {
  expect_imported(key_pem(GetParam()));
  expect_imported(
      openssl(fmt::format("pkcs8 -topk8 -nocrypt -in '{}' -outform DER", key_file(GetParam()))));
}

TEST_P(PrivateKeyTest, IsReadFromTheFormOfItsKind) {
  for (const char* form : {"PEM", "DER"}) {
    expect_imported(openssl(fmt::format("{} -in '{}' -outform {}",
                                        is_rsa(GetParam()) ? "rsa -traditional" : "ec",
                                        key_file(GetParam()), form)));
  }
}

TEST_P(PrivateKeyTest, IsReadWithTextAroundIt) {
  expect_imported("Bag Attributes\n    friendlyName: key\n" + key_pem(GetParam()) + "\nnotes\n");
}

TEST_P(PrivateKeyTest, IsRefusedWhenEncrypted) {
  const std::string source = key_file(GetParam());
  for (const char* how :
       {"pkcs8 -topk8 -passout pass:x", "pkcs8 -topk8 -outform DER -passout pass:x",
        "pkey -traditional -aes128 -passout pass:x"}) {
    EXPECT_EQ(refusal(openssl(fmt::format("{} -in '{}'", how, source))),
              "The private key is encrypted: decrypt it first.");
  }
}

// A changed byte breaks the form, the key's own arithmetic, or is another key.
TEST_P(PrivateKeyTest, WithAChangedByteIsRefusedOrAnother) {
  const std::string der =
      openssl(fmt::format("pkcs8 -topk8 -nocrypt -in '{}' -outform DER", key_file(GetParam())));
  const std::string known = public_key_of(GetParam());
  SystemRandom random;
  for (std::size_t i = 1; i < der.size(); i += is_rsa(GetParam()) ? der.size() / 4 : 5) {
    std::string changed = der;
    changed[i] = char(changed[i] ^ 0x10);
    const auto key = import_private_key(bytes_of(changed));
    if (!key) continue;
    const auto signer = software_signer(*key, random);
    EXPECT_TRUE(signer && text_of((*signer)->public_key()) == known) << i;
  }
}

TEST(PrivateKey, IsReadAfterItsParameters) {
  const std::string text = openssl("ecparam -name prime256v1 -genkey");
  ASSERT_NE(text.find("EC PARAMETERS"), std::string::npos);
  EXPECT_EQ(refusal(text), "");
}

TEST(PrivateKey, IsReadWithACompressedPoint) {
  EXPECT_EQ(refusal(openssl(fmt::format("ec -in '{}' -conv_form compressed", key_file("p256")))),
            "");
}

TEST(PrivateKey, IsReadWithoutItsPublicKey) {
  const auto key = import_private_key(
      bytes_of(openssl(fmt::format("ec -in '{}' -no_public -outform DER", key_file("p384")))));
  ASSERT_TRUE(key);
  SystemRandom random;
  EXPECT_EQ(text_of((*software_signer(*key, random))->public_key()), public_key_of("p384"));
}

TEST(PrivateKey, OfAnUnsupportedKindIsRefusedWithTheReason) {
  const std::pair<const char*, const char*> kinds[] = {
      {"-algorithm RSA -pkeyopt rsa_keygen_bits:1024",
       "The RSA key has only 1024 bits: it is too weak."},
      {"-algorithm RSA -pkeyopt rsa_keygen_bits:2056",
       "The RSA key has 2056 bits: supported are 2048, 3072 and 4096."},
      {"-algorithm RSA -pkeyopt rsa_keygen_bits:2048 -pkeyopt rsa_keygen_pubexp:3",
       "The RSA key's exponent or modulus is not supported."},
      {"-algorithm RSA -pkeyopt rsa_keygen_bits:2048 -pkeyopt rsa_keygen_primes:3",
       "The RSA key has more than two factors."},
      {"-algorithm RSA-PSS -pkeyopt rsa_keygen_bits:2048",
       "The key is of the kind RSA-PSS: supported are RSA and ECDSA."},
      {"-algorithm EC -pkeyopt ec_paramgen_curve:P-521",
       "The key is of the curve secp521r1: supported are P-256 and P-384."},
      {"-algorithm EC -pkeyopt ec_paramgen_curve:secp256k1",
       "The key is of the curve secp256k1: supported are P-256 and P-384."},
      {"-algorithm EC -pkeyopt ec_paramgen_curve:P-256 -pkeyopt ec_param_enc:explicit",
       "The key is not in the one accepted form of its kind."},
      {"-algorithm ED25519", "The key is of the kind ED25519: supported are RSA and ECDSA."},
      {"-algorithm X25519", "The key is of the kind X25519: supported are RSA and ECDSA."},
  };
  for (const auto& [arguments, reason] : kinds) {
    EXPECT_EQ(refusal(openssl(fmt::format("genpkey {}", arguments))), reason) << arguments;
  }
}

TEST(PrivateKey, WithFactorsCloseToEachOtherIsRefused) {
  EXPECT_EQ(refusal(key_pem("rsa-close-factors")),
            "The RSA key's factors are too close to each other: it is too weak.");
}

TEST(PrivateKey, WithAFactorThatIsNoPrimeIsRefused) {
  const std::string der =
      openssl(fmt::format("rsa -traditional -outform DER -in '{}'", key_file("rsa-2048")));
  std::string changed = der;
  changed[der.size() / 2 + 200] = char(changed[der.size() / 2 + 200] ^ 2);
  EXPECT_EQ(refusal(changed), "The private key's parts do not belong together.");
}

TEST(PrivateKey, IsExactlyOne) {
  const std::string pem = key_pem("p256");
  EXPECT_EQ(refusal(pem + pem), "The PEM text holds more than one private key.");
  EXPECT_EQ(refusal(""), "There is no private key in PEM or DER.");
  EXPECT_EQ(refusal("nonsense"), "There is no private key in PEM or DER.");
  EXPECT_EQ(refusal("0"), "There is no private key in PEM or DER.");
  EXPECT_EQ(refusal(std::string(20'000, '0')), "The private key is too large.");
  EXPECT_EQ(refusal(openssl(fmt::format("pkey -in '{}' -pubout", key_file("p256")))),
            "The PEM text holds something that is not a private key.");
  EXPECT_EQ(refusal(public_key_of("p256")), "The private key is encrypted: decrypt it first.");
  EXPECT_EQ(refusal(pem.substr(0, pem.size() / 2)), "The PEM text is damaged.");
}

TEST(PrivateKey, WithSomethingBehindItIsRefused) {
  for (const char* name : {"p256", "rsa-2048"}) {
    const std::string pkcs8 =
        openssl(fmt::format("pkcs8 -topk8 -nocrypt -in '{}' -outform DER", key_file(name)));
    EXPECT_EQ(refusal(pkcs8 + "x"), "The private key is not PKCS#8.");
    const std::string typed =
        openssl(fmt::format("pkey -traditional -in '{}' -outform DER", key_file(name)));
    EXPECT_EQ(refusal(typed + "x"), "The private key cannot be read.");
  }
}

TEST(PrivateKey, FitsItsOwnCertificateAndNoOther) {
  for (const char* name : {"p256", "rsa-2048"}) {
    const FixedKey key(name);
    EXPECT_TRUE(check_certificate_key(self_signed(name), *key.signer));
    const auto refused = check_certificate_key(self_signed("p384"), *key.signer);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().kind, ErrorKind::invalid);
    EXPECT_EQ(refused.error().message, "The certificate is not the private key's.");
  }
}

TEST(PrivateKey, OfRsaIsNotMadeHere) {
  SystemRandom random;
  EXPECT_FALSE(generate_private_key(KeyKind::rsa, random));
}

}  // namespace
}  // namespace hallmark::crypto
