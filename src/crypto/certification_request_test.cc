#include "crypto/certification_request.h"

#include <gtest/gtest.h>

#include "crypto/pkcs8.h"
#include "crypto/test_keys.h"

namespace hallmark::crypto {
namespace {

const DistinguishedName name = {.common_name = "Code Signing CA G2",
                                .organization = "Hallmark",
                                .organizational_unit = "Code Signing"};

CertificationRequest request_of(std::string_view key) {
  const FixedKey fixed(key);
  auto request = request_certificate(name, *fixed.signer);
  CHECK(request.has_value());
  return *std::move(request);
}

std::string refusal_of(ByteView der) {
  const auto request = CertificationRequest::parse(der);
  return request ? "" : request.error().message;
}

TEST(CertificationRequestTest, OpensslVerifiesIt) {
  const TemporaryFolder folder;
  for (const char* key : {"p256", "p384"}) {
    const std::string file = folder.write("request.pem", to_pem(request_of(key)));
    const auto said = run("openssl req -verify -noout -subject -in " + file);
    EXPECT_EQ(said.status, 0) << said.output;
    EXPECT_NE(said.output.find("Code Signing CA G2"), std::string::npos) << said.output;
  }
}

TEST(CertificationRequestTest, OneOfOpensslIsRead) {
  const auto made = run(
      fmt::format("openssl req -new -key '{}' -subj /CN=Elsewhere 2>/dev/null", key_file("p384")));
  const auto request = certification_request_from_pem(made.output);
  ASSERT_TRUE(request) << describe(request.error());
  EXPECT_EQ(request->common_name, "Elsewhere");
  EXPECT_EQ(request->public_key, copy_of(FixedKey("p384").signer->public_key()));
}

TEST(CertificationRequestTest, SaysWhatWasAskedForAndWithWhichKey) {
  const auto request = request_of("p384");
  EXPECT_EQ(request.common_name, name.common_name);
  EXPECT_EQ(request.subject, "CN=Code Signing CA G2,OU=Code Signing,O=Hallmark");
  EXPECT_EQ(request.public_key, copy_of(FixedKey("p384").signer->public_key()));
  EXPECT_EQ(certification_request_from_pem(to_pem(request))->der, request.der);
}

TEST(CertificationRequestTest, AnyChangedByteIsNoticed) {
  const Bytes der = request_of("p384").der;
  for (std::size_t i = 0; i < der.size(); ++i) {
    Bytes changed = der;
    changed[i] ^= 1;
    EXPECT_NE(refusal_of(changed), "") << "byte " << i;
  }
}

TEST(CertificationRequestTest, WithMoreOrLessBytesItIsNone) {
  Bytes der = request_of("p384").der;
  EXPECT_NE(refusal_of(ByteView(der).first(der.size() - 1)), "");
  der.push_back(0);
  EXPECT_NE(refusal_of(der), "");
  EXPECT_NE(refusal_of({}), "");
}

TEST(CertificationRequestTest, APemOfSomethingElseOrOfTwoIsRefused) {
  const std::string pem = to_pem(request_of("p384"));
  EXPECT_FALSE(certification_request_from_pem(pem + pem));
  EXPECT_FALSE(certification_request_from_pem(to_pem({self_signed("p384")})));
  EXPECT_FALSE(certification_request_from_pem(""));
}

TEST(CertificationRequestTest, ANameThatIsNotAllowedIsNotAskedFor) {
  const FixedKey key("p384");
  EXPECT_FALSE(request_certificate({.common_name = ""}, *key.signer));
  EXPECT_FALSE(request_certificate({.common_name = "a\nb"}, *key.signer));
}

// An issuer of leaves.

TEST(IssuerOfLeavesTest, IsAnIntermediateOfOurs) {
  const TestAuthority authority;
  EXPECT_TRUE(check_issues_leaves(authority.intermediate.certificate));
  EXPECT_FALSE(check_issues_leaves(authority.root.certificate));
  EXPECT_FALSE(check_issues_leaves(authority.leaf.certificate));
}

TEST(IssuerOfLeavesTest, IsNoneThatMayDoMore) {
  const TemporaryFolder folder;
  const auto made = [&](std::string_view extensions) {
    const auto ran =
        run(fmt::format("openssl req -x509 -new -key '{}' -subj /CN=x -days 9 -out '{}' {}",
                        key_file("p384"), folder.path("made.pem"), extensions));
    EXPECT_EQ(ran.status, 0) << ran.output;
    return certificates_from_pem(folder.read("made.pem"))->front();
  };
  const std::string authority =
      "-addext basicConstraints=critical,CA:TRUE,pathlen:0 -addext keyUsage=critical,keyCertSign";
  EXPECT_TRUE(check_issues_leaves(made(authority)));
  EXPECT_TRUE(check_issues_leaves(made(authority + " -addext extendedKeyUsage=codeSigning")));
  EXPECT_FALSE(check_issues_leaves(made(authority + ",digitalSignature")));
  EXPECT_FALSE(check_issues_leaves(made(authority + " -addext extendedKeyUsage=serverAuth")));
  EXPECT_FALSE(check_issues_leaves(made(authority + " -addext 1.2.3.4=critical,DER:0500")));
  EXPECT_FALSE(check_issues_leaves(
      made("-addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign")));
}

// A key that was exported.

TEST(EncryptedKeyTest, ComesBackWithItsPassphraseAlone) {
  const PrivateKey key = stored_key("p384");
  const Secret passphrase(bytes_of("correct horse"));
  const auto pem = encrypted_pem(key, passphrase);
  ASSERT_TRUE(pem) << describe(pem.error());
  const auto back = decrypt_pem(*pem, passphrase);
  ASSERT_TRUE(back) << describe(back.error());
  EXPECT_EQ(back->kind, KeyKind::p384);
  EXPECT_TRUE(back->pkcs8 == key.pkcs8);
  const auto other = decrypt_pem(*pem, Secret(bytes_of("wrong horse")));
  ASSERT_FALSE(other);
  EXPECT_EQ(other.error().message, "The passphrase does not open the private key.");
}

TEST(EncryptedKeyTest, OneThatOpensslEncryptedIsRead) {
  const auto made = run(fmt::format(
      "openssl pkcs8 -topk8 -v2 aes-256-cbc -passout pass:word -in '{}'", key_file("p256")));
  const auto key = decrypt_pem(made.output, Secret(bytes_of("word")));
  ASSERT_TRUE(key) << describe(key.error());
  EXPECT_EQ(key->kind, KeyKind::p256);
}

TEST(EncryptedKeyTest, AKeyThatIsNotEncryptedIsNotOne) {
  EXPECT_FALSE(decrypt_pem(key_pem("p384"), Secret(bytes_of("word"))));
  EXPECT_FALSE(decrypt_pem("", Secret(bytes_of("word"))));
  EXPECT_FALSE(decrypt_pem(std::string(1 << 20, 'x'), Secret(bytes_of("word"))));
}

}  // namespace
}  // namespace hallmark::crypto
