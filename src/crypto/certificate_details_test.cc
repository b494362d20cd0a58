#include "crypto/certificate_details.h"

#include <gtest/gtest.h>

#include "crypto/test_support.h"

namespace hallmark::crypto {
namespace {

// Made by openssl itself, which is told of the key and of the extensions.
Certificate made_by_openssl(std::string_view key, std::string_view extensions) {
  const TemporaryFolder folder;
  std::string command = fmt::format(
      "openssl req -x509 -newkey {} -nodes -keyout {} -out {} "
      "-subj /C=US/O=Example/CN=signer -days 30 -config /dev/null ",
      key, folder.path("key.pem"), folder.path("certificate.pem"));
  command += extensions;
  const CommandResult answer = run(command);
  CHECK(answer.status == 0);
  return certificates_from_pem(folder.read("certificate.pem"))->front();
}

constexpr std::string_view p256 = "ec -pkeyopt ec_paramgen_curve:prime256v1";
constexpr std::string_view full =
    "-addext basicConstraints=critical,CA:FALSE "
    "-addext keyUsage=critical,digitalSignature,nonRepudiation "
    "-addext extendedKeyUsage=codeSigning,1.2.3.4 "
    "-addext subjectAltName=DNS:one.example.com,email:a@example.com,DNS:two.example.com";

TEST(CertificateDetails, AreThoseOfTheExtensions) {
  const auto details = details_of(made_by_openssl(p256, full));
  ASSERT_TRUE(details);
  EXPECT_EQ(details->issuer, "CN=signer,O=Example,C=US");
  EXPECT_EQ(details->domain_names,
            (std::vector<std::string>{"one.example.com", "two.example.com"}));
  EXPECT_EQ(details->key_usages,
            (std::vector{KeyUsage::digital_signature, KeyUsage::non_repudiation}));
  EXPECT_EQ(details->extended_key_usages,
            (std::vector<std::string>{std::string(code_signing_oid), "1.2.3.4"}));
  EXPECT_FALSE(details->is_authority);
  EXPECT_TRUE(details->is_self_signed);
}

TEST(CertificateDetails, TellWhatIsAbsentFromWhatIsEmpty) {
  const auto details = details_of(made_by_openssl(p256, ""));
  ASSERT_TRUE(details);
  EXPECT_EQ(details->key_usages, std::nullopt);
  EXPECT_EQ(details->extended_key_usages, std::nullopt);
  EXPECT_TRUE(details->domain_names.empty());
}

TEST(CertificateDetails, KnowTheLastKeyUsage) {
  const auto details =
      details_of(made_by_openssl(p256, "-addext keyUsage=keyAgreement,decipherOnly"));
  EXPECT_EQ(details->key_usages, (std::vector{KeyUsage::key_agreement, KeyUsage::decipher_only}));
}

TEST(CertificateDetails, NameTheKeyAndTheSignature) {
  const auto curve = details_of(made_by_openssl(p256, "-sha384"));
  EXPECT_EQ(curve->key_kind, KeyKind::p256);
  EXPECT_EQ(curve->curve, "prime256v1");
  EXPECT_EQ(curve->key_bits, 256);
  EXPECT_EQ(curve->signature_algorithm, "SHA384WITHECDSA");

  const auto rsa = details_of(made_by_openssl("rsa:2048", "-sha256"));
  EXPECT_EQ(rsa->key_kind, KeyKind::rsa);
  EXPECT_EQ(rsa->curve, "");
  EXPECT_EQ(rsa->key_bits, 2048);
  EXPECT_EQ(rsa->signature_algorithm, "SHA256WITHRSA");
}

TEST(CertificateDetails, KnowKeysThatAreNotOurs) {
  const auto other = details_of(made_by_openssl("ec -pkeyopt ec_paramgen_curve:secp521r1", ""));
  EXPECT_EQ(other->key_kind, std::nullopt);
  EXPECT_EQ(other->curve, "secp521r1");
}

TEST(CertificateDetails, KnowAnAuthorityAndAnIssuedCertificate) {
  TestAuthority authority;
  EXPECT_TRUE(details_of(authority.root.certificate)->is_authority);
  EXPECT_TRUE(details_of(authority.root.certificate)->is_self_signed);
  EXPECT_FALSE(details_of(authority.leaf.certificate)->is_authority);
  EXPECT_FALSE(details_of(authority.leaf.certificate)->is_self_signed);
}

TEST(CertificateDetails, WithAnExtensionThatCannotBeReadAreNone) {
  const auto details = details_of(made_by_openssl(p256, "-addext keyUsage=DER:0400"));
  ASSERT_FALSE(details);
  EXPECT_EQ(details.error().kind, ErrorKind::corrupt);
}

TEST(CertificateDetails, WithNamesThatATerminalWouldObeyAreNone) {
  const auto details =
      details_of(made_by_openssl(p256, "-addext subjectAltName=DER:300582031b5b32"));
  ASSERT_FALSE(details);
  EXPECT_EQ(details.error().kind, ErrorKind::corrupt);
}

}  // namespace
}  // namespace hallmark::crypto
