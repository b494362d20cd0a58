#include "crypto/x509.h"

#include <set>

#include <gtest/gtest.h>

#include "base/encoding.h"
#include "base/limits.h"
#include "crypto/random.h"
#include "crypto/test_support.h"

namespace hallmark::crypto {
namespace {

class X509Test : public testing::Test {
 protected:
  TestAuthority authority_;
  const Timestamp now_ = authority_.now;

  CertificateRequest leaf_request() {
    return authority_.request(CertificateShape::code_signing_leaf);
  }
  Result<Certificate> issue_leaf(const CertificateRequest& request) {
    return issue(request, authority_.intermediate.certificate, *authority_.intermediate.signer,
                 authority_.random);
  }
};

TEST_F(X509Test, OpensslTrustsTheChain) {
  const TemporaryFolder folder;
  const std::string root = folder.write("root.pem", to_pem({authority_.root.certificate}));
  const std::string middle =
      folder.write("intermediate.pem", to_pem({authority_.intermediate.certificate}));
  const std::string leaf = folder.write("leaf.pem", to_pem({authority_.leaf.certificate}));
  const auto answer =
      run("openssl verify -x509_strict -attime " + std::to_string(unix_seconds(now_)) +
          " -CAfile " + root + " -untrusted " + middle + " " + leaf);
  EXPECT_EQ(answer.status, 0) << answer.output;
}

std::string openssl_text(const Certificate& certificate) {
  const TemporaryFolder folder;
  const std::string file = folder.write("certificate.pem", to_pem({certificate}));
  return run("openssl x509 -noout -text -nameopt RFC2253 -in " + file).output;
}

void expect_lines(const std::string& text, std::initializer_list<std::string_view> lines) {
  for (const auto line : lines) EXPECT_NE(text.find(line), std::string::npos) << line << text;
}

TEST_F(X509Test, OpensslReadsALeafAsASigningCertificate) {
  const std::string text = openssl_text(authority_.leaf.certificate);
  expect_lines(text, {"Version: 3 (0x2)", "Signature Algorithm: ecdsa-with-SHA384",
                      "Subject: CN=MyProfile,OU=123456789012,O=Hallmark,ST=WA,C=US",
                      "X509v3 Basic Constraints: critical\n                CA:FALSE",
                      "X509v3 Key Usage: critical\n                Digital Signature\n",
                      "X509v3 Extended Key Usage: \n                Code Signing\n",
                      "X509v3 Subject Key Identifier:", "X509v3 Authority Key Identifier:"});
  EXPECT_EQ(text.find("Authority Information Access"), std::string::npos);
  EXPECT_EQ(text.find("CRL Distribution"), std::string::npos);
}

TEST_F(X509Test, OpensslReadsAnIntermediateAsTheIssuerOfLeavesOnly) {
  expect_lines(openssl_text(authority_.intermediate.certificate),
               {"X509v3 Basic Constraints: critical\n                CA:TRUE, pathlen:0",
                "X509v3 Key Usage: critical\n                Certificate Sign, CRL Sign\n"});
}

TEST_F(X509Test, OpensslReadsARootAsAnIssuer) {
  expect_lines(openssl_text(authority_.root.certificate),
               {"X509v3 Basic Constraints: critical\n                CA:TRUE\n",
                "X509v3 Key Usage: critical\n                Certificate Sign, CRL Sign\n"});
}

TEST_F(X509Test, AParsedCertificateStatesItsFacts) {
  const Certificate& leaf = authority_.leaf.certificate;
  const Certificate& issuer = authority_.intermediate.certificate;
  EXPECT_EQ(leaf.subject, "CN=MyProfile,OU=123456789012,O=Hallmark,ST=WA,C=US");
  EXPECT_EQ(leaf.common_name, "MyProfile");
  EXPECT_EQ(leaf.organizational_unit, "123456789012");
  EXPECT_EQ(leaf.issuer_der, issuer.subject_der);
  EXPECT_EQ(leaf.public_key, copy_of(authority_.leaf.signer->public_key()));
  EXPECT_EQ(leaf.not_before, authority_.request(CertificateShape::code_signing_leaf).not_before);
  EXPECT_EQ(leaf.not_after, authority_.request(CertificateShape::code_signing_leaf).not_after);
}

TEST_F(X509Test, ASubjectIsShownWithoutWhatATerminalObeys) {
  CertificateRequest request = leaf_request();
  request.subject = {.common_name = "K\u00f6ln\u202e\u009b"};
  const auto leaf = issue_leaf(request);
  ASSERT_TRUE(leaf) << describe(leaf.error());
  EXPECT_EQ(leaf->subject, "CN=K\\C3\\B6ln\\E2\\80\\AE\\C2\\9B");
  EXPECT_EQ(leaf->common_name, "K\u00f6ln\u202e\u009b");
  request.subject = {.common_name = "K\u00f6ln"};
  EXPECT_EQ(issue_leaf(request)->subject, "CN=K\u00f6ln");
}

TEST_F(X509Test, ANameThatASubjectHasTwiceOrNotAtAllIsNotItsOwn) {
  const TemporaryFolder folder;
  const std::string file = folder.path("certificate.pem");
  const auto made =
      run("openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-384 -nodes -keyout /dev/null "
          "-subj '/CN=MyProfile/CN=Other/O=Hallmark' -out " +
          file);
  ASSERT_EQ(made.status, 0) << made.output;
  const auto certificates = certificates_from_pem(folder.read("certificate.pem"));
  ASSERT_TRUE(certificates);
  EXPECT_EQ(certificates->front().common_name, "");
  EXPECT_EQ(certificates->front().organizational_unit, "");
}

TEST_F(X509Test, AnExpiryBeyond2050IsKept) {
  CertificateRequest request = leaf_request();
  request.not_after = *from_rfc3339("2126-01-01T00:00:00Z");
  const auto leaf = issue_leaf(request);
  ASSERT_TRUE(leaf) << describe(leaf.error());
  EXPECT_EQ(leaf->not_after, request.not_after);
}

TEST_F(X509Test, SerialNumbersArePositiveAndDiffer) {
  std::set<std::string> serials;
  for (int i = 0; i < 50; ++i) {
    const auto leaf = issue_leaf(leaf_request());
    ASSERT_TRUE(leaf);
    EXPECT_NE(leaf->serial_hex[0], '-');
    serials.insert(leaf->serial_hex);
  }
  EXPECT_EQ(serials.size(), 50u);
}

TEST_F(X509Test, AP256KeyIssuesAndIsIssuedToo) {
  const TestKey key(KeyKind::p256, authority_.random);
  CertificateRequest request = authority_.request(CertificateShape::root);
  request.public_key = key.signer->public_key();
  const auto root = issue(request, std::nullopt, *key.signer, authority_.random);
  ASSERT_TRUE(root) << describe(root.error());
  request = leaf_request();
  EXPECT_TRUE(issue(request, *root, *key.signer, authority_.random));
}

TEST_F(X509Test, ALeafIssuesNothing) {
  const auto refused = issue(leaf_request(), authority_.leaf.certificate, *authority_.leaf.signer,
                             authority_.random);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::invalid);
}

TEST_F(X509Test, AnIntermediateIssuesNoIntermediate) {
  EXPECT_FALSE(issue_leaf(authority_.request(CertificateShape::intermediate)));
}

TEST_F(X509Test, ARootHasNoIssuerAndAllOthersHaveOne) {
  EXPECT_FALSE(issue_leaf(authority_.request(CertificateShape::root)));
  EXPECT_FALSE(issue(leaf_request(), std::nullopt, *authority_.leaf.signer, authority_.random));
}

TEST_F(X509Test, ASignerOfAnotherKeyIssuesNothing) {
  EXPECT_FALSE(issue(leaf_request(), authority_.intermediate.certificate, *authority_.leaf.signer,
                     authority_.random));
}

TEST_F(X509Test, NamesThatBreakTheRulesAreRefused) {
  const auto refuses = [&](DistinguishedName name) {
    CertificateRequest request = leaf_request();
    request.subject = std::move(name);
    return !issue_leaf(request).has_value();
  };
  EXPECT_TRUE(refuses({.common_name = ""}));
  EXPECT_TRUE(refuses({.common_name = std::string(65, 'a')}));
  EXPECT_TRUE(refuses({.common_name = "line\nbreak"}));
  EXPECT_TRUE(refuses({.common_name = "\xff"}));
  EXPECT_TRUE(refuses({.common_name = "a", .country = "USA"}));
  EXPECT_TRUE(refuses({.common_name = "a", .country = "us"}));
  EXPECT_FALSE(refuses({.common_name = std::string(64, 'a')}));
  EXPECT_FALSE(refuses({.common_name = "K\xc3\xb6ln"}));
}

TEST_F(X509Test, TimesThatBreakTheRulesAreRefused) {
  CertificateRequest request = leaf_request();
  request.not_after = request.not_before;
  EXPECT_FALSE(issue_leaf(request));
  request = leaf_request();
  request.not_before += std::chrono::milliseconds(1);
  EXPECT_FALSE(issue_leaf(request));
}

TEST_F(X509Test, ABrokenPublicKeyIsNotCertified) {
  CertificateRequest request = leaf_request();
  Bytes key = copy_of(request.public_key);
  key.back() ^= 1;
  request.public_key = key;
  EXPECT_FALSE(issue_leaf(request));
}

TEST_F(X509Test, ACertificateWithSomethingBehindItIsRefused) {
  Bytes der = authority_.leaf.certificate.der;
  der.push_back(0);
  EXPECT_FALSE(Certificate::parse(der));
  EXPECT_FALSE(Certificate::parse({}));
  EXPECT_FALSE(Certificate::parse(ByteView(der).first(100)));
}

// `openssl asn1parse` cuts the signed part out.
TEST_F(X509Test, WhatTheIssuerSignedIsHashedAsOpensslCutsItOut) {
  const Certificate& leaf = authority_.leaf.certificate;
  const TemporaryFolder folder;
  const std::string pem = folder.write("leaf.pem", to_pem({leaf}));
  const auto answer = run("openssl asn1parse -in " + pem + " -strparse 4 -noout -out " + pem +
                          ".tbs && sha384sum <" + pem + ".tbs");
  EXPECT_EQ(answer.output.substr(0, 96), tbs_sha384_hex(leaf));
  EXPECT_NE(tbs_sha384_hex(leaf), tbs_sha384_hex(authority_.intermediate.certificate));
}

TEST_F(X509Test, PemComesBackAsItWent) {
  const auto again = certificates_from_pem("leading text\n" + to_pem(authority_.chain()));
  ASSERT_TRUE(again) << describe(again.error());
  ASSERT_EQ(again->size(), 3u);
  for (std::size_t i = 0; i < 3; ++i) EXPECT_EQ((*again)[i].der, authority_.chain()[i].der);
}

TEST_F(X509Test, PemOfOtherThingsIsRefused) {
  const std::string leaf = to_pem({authority_.leaf.certificate});
  EXPECT_FALSE(certificates_from_pem(""));
  EXPECT_FALSE(certificates_from_pem({}));
  EXPECT_FALSE(certificates_from_pem("no certificate"));
  EXPECT_FALSE(certificates_from_pem(
      leaf + "-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n" + leaf));
  EXPECT_FALSE(certificates_from_pem(leaf + "-----BEGIN CERTIFICATE-----\nAAAA"));
  EXPECT_FALSE(certificates_from_pem(leaf.substr(0, leaf.size() / 2)));
  EXPECT_FALSE(
      certificates_from_pem(leaf + "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n"));
}

TEST_F(X509Test, TooManyCertificatesAreRefused) {
  std::string pem;
  for (std::size_t i = 0; i < limits::certificate_chain_max; ++i) {
    pem += to_pem({authority_.root.certificate});
  }
  EXPECT_TRUE(certificates_from_pem(pem));
  EXPECT_FALSE(certificates_from_pem(pem + to_pem({authority_.root.certificate})));
  EXPECT_FALSE(certificates_from_pem(pem + std::string(limits::certificate_pem_bytes_max, '\n')));
}

class ChainTest : public X509Test {
 protected:
  std::vector<Certificate> roots_ = {authority_.root.certificate};

  bool trusts(const CertificateChain& chain) { return trusts_at(chain, now_); }
  bool trusts_at(const CertificateChain& chain, Timestamp time) {
    const auto answer = verify_chain(chain, roots_, time);
    if (!answer) {
      EXPECT_EQ(answer.error().kind, ErrorKind::corrupt) << describe(answer.error());
    }
    return answer.has_value();
  }
};

TEST_F(ChainTest, IsTrustedWithAndWithoutItsRoot) {
  EXPECT_TRUE(trusts(authority_.chain()));
  EXPECT_TRUE(trusts({authority_.leaf.certificate, authority_.intermediate.certificate}));
}

TEST_F(ChainTest, WithoutItsIntermediateIsNotTrusted) {
  EXPECT_FALSE(trusts({authority_.leaf.certificate}));
  EXPECT_FALSE(trusts({authority_.leaf.certificate, authority_.root.certificate}));
  EXPECT_FALSE(trusts({}));
}

TEST_F(ChainTest, OfAnotherRootIsNotTrusted) {
  roots_ = {TestAuthority().root.certificate};
  EXPECT_FALSE(trusts(authority_.chain()));
  roots_ = {};
  EXPECT_FALSE(trusts(authority_.chain()));
}

TEST_F(ChainTest, ToATrustedIntermediateAloneIsPartialAndNotTrusted) {
  roots_ = {authority_.intermediate.certificate};
  EXPECT_FALSE(trusts({authority_.leaf.certificate, authority_.intermediate.certificate}));
  EXPECT_FALSE(trusts(authority_.chain()));
}

TEST_F(ChainTest, FindsItsRootAmongOthers) {
  roots_ = {TestAuthority().root.certificate, authority_.root.certificate};
  EXPECT_TRUE(trusts(authority_.chain()));
}

TEST_F(ChainTest, IsTrustedOnlyWhileAllOfItIsValid) {
  const Certificate& leaf = authority_.leaf.certificate;
  const auto second = std::chrono::seconds(1);
  EXPECT_TRUE(trusts_at(authority_.chain(), leaf.not_before));
  EXPECT_TRUE(trusts_at(authority_.chain(), leaf.not_after - second));
  EXPECT_FALSE(trusts_at(authority_.chain(), leaf.not_before - second));
  EXPECT_FALSE(trusts_at(authority_.chain(), leaf.not_after + second));
}

TEST_F(ChainTest, AnExpiredRootEndsTheTrust) {
  const Certificate& root = authority_.root.certificate;
  CertificateRequest request = leaf_request();
  request.not_after = root.not_after + std::chrono::years(1);
  request.not_after = from_unix_seconds(unix_seconds(request.not_after));
  const auto leaf = issue(request, root, *authority_.root.signer, authority_.random);
  ASSERT_TRUE(leaf);
  EXPECT_TRUE(trusts_at({*leaf, root}, now_));
  EXPECT_FALSE(trusts_at({*leaf, root}, root.not_after + std::chrono::seconds(1)));
}

TEST_F(ChainTest, MustBeInOrderAndHoldNothingElse) {
  const auto& [leaf, middle, root] =
      std::tie(authority_.leaf.certificate, authority_.intermediate.certificate,
               authority_.root.certificate);
  EXPECT_FALSE(trusts({leaf, root, middle}));
  EXPECT_FALSE(trusts({middle, leaf, root}));
  EXPECT_FALSE(trusts({leaf, middle, root, root}));
  EXPECT_FALSE(trusts({leaf, middle, TestAuthority().root.certificate}));
}

TEST_F(ChainTest, OfAnIssuerCannotSignCode) {
  EXPECT_FALSE(trusts({authority_.intermediate.certificate, authority_.root.certificate}));
  EXPECT_FALSE(trusts({authority_.root.certificate}));
}

TEST_F(ChainTest, EveryChangedByteOfTheLeafIsNoticed) {
  CertificateChain chain = authority_.chain();
  for (std::size_t i = 0; i < chain[0].der.size(); i += 7) {
    chain[0].der[i] ^= 1;
    EXPECT_FALSE(verify_chain(chain, roots_, now_)) << i;
    chain[0].der[i] ^= 1;
  }
}

// Leaves that our templates cannot make: OpenSSL issues them under our root.
class ForeignLeafTest : public ChainTest {
 protected:
  bool trusts_leaf_with(const std::string& extensions) {
    const TemporaryFolder folder;
    const std::string ca = folder.write("ca.pem", to_pem({authority_.root.certificate}));
    const std::string key = folder.write("ca.key", authority_.root.private_key_pem());
    const std::string rules = folder.write("rules", extensions);
    const std::string request = folder.path("leaf.csr");
    const std::string leaf = folder.path("leaf.pem");
    const auto made =
        run("openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-384 -nodes "
            "-keyout /dev/null -subj /CN=foreign -out " +
            request + " && openssl x509 -req -sha384 -days 3650 -CA " + ca + " -CAkey " + key +
            " -extfile " + rules + " -in " + request + " -out " + leaf);
    EXPECT_EQ(made.status, 0) << made.output;
    auto chain = certificates_from_pem(folder.read("leaf.pem"));
    EXPECT_TRUE(chain);
    const Timestamp time = chain->front().not_before + std::chrono::hours(1);
    chain->push_back(authority_.root.certificate);
    return verify_chain(*chain, roots_, time).has_value();
  }
};

TEST_F(ForeignLeafTest, WithTheRightUsageIsTrusted) {
  EXPECT_TRUE(
      trusts_leaf_with("keyUsage=critical,digitalSignature\nextendedKeyUsage=codeSigning\n"));
}

TEST_F(ForeignLeafTest, WithoutKeyUsageIsNotTrusted) {
  EXPECT_FALSE(trusts_leaf_with("extendedKeyUsage=codeSigning\n"));
}

TEST_F(ForeignLeafTest, WithoutExtendedKeyUsageIsNotTrusted) {
  EXPECT_FALSE(trusts_leaf_with("keyUsage=critical,digitalSignature\n"));
}

TEST_F(ForeignLeafTest, ForServersIsNotTrusted) {
  EXPECT_FALSE(
      trusts_leaf_with("keyUsage=critical,digitalSignature\nextendedKeyUsage=serverAuth\n"));
}

TEST_F(ForeignLeafTest, ForAgreementOfKeysIsNotTrusted) {
  EXPECT_FALSE(trusts_leaf_with("keyUsage=critical,keyAgreement\nextendedKeyUsage=codeSigning\n"));
}

TEST_F(ForeignLeafTest, ThatIsAnIssuerIsNotTrusted) {
  EXPECT_FALSE(
      trusts_leaf_with("basicConstraints=critical,CA:TRUE\n"
                       "keyUsage=critical,digitalSignature,keyCertSign\n"
                       "extendedKeyUsage=codeSigning\n"));
}

TEST_F(ForeignLeafTest, WithAnUnknownCriticalExtensionIsNotTrusted) {
  EXPECT_FALSE(
      trusts_leaf_with("keyUsage=critical,digitalSignature\nextendedKeyUsage=codeSigning\n"
                       "1.2.3.4=critical,ASN1:NULL\n"));
}

}  // namespace
}  // namespace hallmark::crypto
