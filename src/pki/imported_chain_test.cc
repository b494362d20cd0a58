#include "pki/imported_chain.h"

#include "pki/test_imported.h"

namespace hallmark::pki {
namespace {

using hallmark::test::error_of;
using hallmark::test::value_of;
using test::certificate_file;

const hallmark::test::TestClock clock_of_tests;

Result<crypto::CertificateChain> read(const std::string& certificate, const std::string& chain) {
  return read_given_chain({certificate, chain}, clock_of_tests.now());
}
std::string refusal(const std::string& certificate, const std::string& chain = {}) {
  const Error error = error_of(read(certificate, chain));
  EXPECT_EQ(error.kind, ErrorKind::invalid);
  return error.message;
}
// The first or the second certificate of a text.
std::string part(const std::string& pem, std::size_t index) {
  const std::size_t second = pem.find("-----BEGIN", 1);
  return index == 0 ? pem.substr(0, second) : pem.substr(second);
}

const std::string& leaf() {
  static const std::string pem = certificate_file("signer.pem");
  return pem;
}
const std::string& issuers() {
  static const std::string pem = certificate_file("signer.chain.pem");
  return pem;
}

TEST(GivenChain, IsReadWithItsRootAndWithout) {
  EXPECT_EQ(value_of(read(leaf(), issuers())).size(), 3u);
  EXPECT_EQ(value_of(read(leaf(), part(issuers(), 0))).size(), 2u);
}

TEST(GivenChain, MayBeAbsentOfASelfSignedCertificateOnly) {
  EXPECT_EQ(value_of(read(certificate_file("rsa2048.pem"), {})).size(), 1u);
  EXPECT_EQ(refusal(leaf()),
            "Provided certificate is not a valid self signed. Please provide either a valid "
            "self-signed certificate or certificate chain.");
}

TEST(GivenChain, HasOneCertificateInItsFirstField) {
  EXPECT_EQ(refusal(leaf() + issuers()),
            "The certificate field contains more than one certificate. You must specify only one "
            "certificate in this field.");
}

TEST(GivenChain, IsRefusedInAnotherOrder) {
  EXPECT_NE(refusal(leaf(), part(issuers(), 1) + part(issuers(), 0)).find("followed by its issuer"),
            std::string::npos);
}

TEST(GivenChain, IsRefusedWithAStranger) {
  EXPECT_TRUE(refusal(leaf(), certificate_file("unrelated.pem"))
                  .starts_with("Could not validate the certificate with the certificate chain"));
  EXPECT_TRUE(refusal(certificate_file("rsa2048.pem"), issuers())
                  .starts_with("Could not validate the certificate with the certificate chain"));
}

TEST(GivenChain, IsRefusedUnlessItIsPem) {
  EXPECT_TRUE(refusal("no PEM").starts_with("The certificate is not valid"));
  EXPECT_TRUE(refusal(leaf(), "no PEM").starts_with("The certificate chain is not valid"));
  EXPECT_TRUE(refusal(leaf(), leaf() + certificate_file("signer.key"))
                  .starts_with("The certificate chain is not valid"));
  EXPECT_TRUE(refusal(std::string(40'000, 'A')).starts_with("Certificate must have at most"));
}

TEST(GivenChain, IsRefusedWhenItsTimeIsNotNow) {
  EXPECT_EQ(refusal(certificate_file("expired.pem")),
            "The certificate expired on 2026-02-01T00:00:00Z.");
  EXPECT_EQ(refusal(certificate_file("future.pem")),
            "The certificate is not valid until 2050-01-01T00:00:00Z.");
}

TEST(GivenChain, IsRefusedWithAKeyThatNobodySignsWith) {
  EXPECT_TRUE(refusal(certificate_file("p521.pem"))
                  .starts_with("The certificate's key (EC_secp521r1) is not supported"));
}

TEST(GivenChain, IsRefusedWhenItIsTooLong) {
  std::string many;
  for (int i = 0; i < 9; ++i) many += leaf();
  EXPECT_TRUE(refusal(leaf(), many).starts_with("The certificate chain is not valid"));
}

}  // namespace
}  // namespace hallmark::pki
