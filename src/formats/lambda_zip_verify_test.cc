// Packages that somebody changed, or whose signature says something else.
#include <gtest/gtest.h>

#include "crypto/cms.h"
#include "formats/lambda_signature.h"
#include "formats/test_package.h"

namespace hallmark::formats::test {
namespace {

using namespace zip;
using namespace std::chrono_literals;

constexpr const char* content_mismatch =
    "The content of the package does not match its signature: "
    "The content is not the one that was signed.";

TEST(LambdaZipVerify,
     VerifiesAfterPackingAnew) {  // as AWS does: compression and times are not signed
  EXPECT_EQ(refusal(changed([](TestZip&) {})), "");
}

TEST(LambdaZipVerify, RefusesAChangedBody) {
  EXPECT_EQ(refusal(changed([](TestZip& z) { z.entries[2].body = "aab"; })), content_mismatch);
}

TEST(LambdaZipVerify, RefusesARenamedEntry) {
  EXPECT_EQ(refusal(changed([](TestZip& z) { z.entries[2].name = "lib/b"; })), content_mismatch);
}

TEST(LambdaZipVerify, RefusesEntriesInAnotherOrder) {
  EXPECT_EQ(refusal(changed([](TestZip& z) { std::swap(z.entries[0], z.entries[2]); })),
            content_mismatch);
}

TEST(LambdaZipVerify, RefusesAnAddedEntry) {
  EXPECT_EQ(refusal(changed([](TestZip& z) {
              z.entries.insert(z.entries.begin() + 3, {.name = "evil", .body = ""});
            })),
            content_mismatch);
}

TEST(LambdaZipVerify, RefusesAnEntryAddedAfterTheSignature) {
  EXPECT_EQ(refusal(changed([](TestZip& z) { z.entries.push_back({.name = "x", .body = ""}); })),
            "The package's signature is not its last entry.");
}

TEST(LambdaZipVerify, RefusesARemovedEntry) {
  EXPECT_EQ(refusal(changed([](TestZip& z) { z.entries.erase(z.entries.begin() + 1); })),
            content_mismatch);
}

TEST(LambdaZipVerify, RefusesAPackageWithoutItsSignature) {
  EXPECT_EQ(refusal(changed([](TestZip& z) { z.entries.pop_back(); })),
            "The package is not signed: it has no entry "
            "\"META_INF/aws_signer_signature_v1.0.SF\".");
}

TEST(LambdaZipVerify, RefusesTheSignatureOfAnotherPackage) {
  const auto block = seal(build({.entries = {TestEntry{}}}));
  EXPECT_EQ(refusal(assembled(*block, source())), content_mismatch);
}

TEST(LambdaZipVerify, RefusesASignatureThatIsALinkOrTooLarge) {
  EXPECT_EQ(refusal(changed([](TestZip& z) {
              z.entries.back().body = "lib/a";
              z.entries.back().attributes = 0120777U << 16;
            })),
            "The package's signature is not a file.");
  EXPECT_EQ(refusal(changed([](TestZip& z) {
              z.entries.back().method = method_stored;
              z.entries.back().body = std::string(65'537, 'A');
            })),
            "The package's signature has more than 65536 bytes.");
}

TEST(LambdaZipVerify, RefusesAnyOtherTextOfTheSignature) {
  const std::string text = read_all(package())->back().second;
  std::string lower = text;
  lower.replace(0, 21, "-----BEGIN pkcs7-----");
  const std::size_t second_line = text.find('\n') + 1;
  std::string windows = text;
  windows.replace(second_line - 1, 1, "\r\n");
  std::string joined = text;
  joined.erase(second_line + 64, 1);
  const std::vector<std::string> others = {"",
                                           text + text,
                                           "Comment\n" + text,
                                           text + "\n",
                                           text.substr(0, text.size() - 1),
                                           lower,
                                           windows,
                                           joined,
                                           "-----BEGIN PKCS7-----\n-----END PKCS7-----\n"};
  for (const std::string& other : others) {
    EXPECT_EQ(refusal(changed([&](TestZip& z) { z.entries.back().body = other; })),
              "The signature is not exactly one PKCS7 block of PEM.");
  }
}

TEST(LambdaZipVerify, RefusesAnUnknownRoot) {
  const crypto::TestAuthority other;
  const auto verified = format.verify({.object = MemoryReadAt(package()),
                                       .trusted = {other.root.certificate},
                                       .now = authority().now});
  ASSERT_FALSE(verified);
  EXPECT_EQ(verified.error().kind, ErrorKind::corrupt);
  EXPECT_FALSE(
      format.verify({.object = MemoryReadAt(package()), .trusted = {}, .now = authority().now}));
}

TEST(LambdaZipVerify, JudgesTheChainAtTheSigningTime) {
  EXPECT_TRUE(verify(package(), authority().now + 24h * 300));  // the leaf lives seven days
}

TEST(LambdaZipVerify, RefusesAnExpiredSignature) {
  EXPECT_TRUE(verify(package(), statement().expires_at - 1ms));
  const auto verified = verify(package(), statement().expires_at);
  ASSERT_FALSE(verified);
  EXPECT_EQ(verified.error().message, "The signature expired at 2027-09-28T09:19:26.806Z.");
}

TEST(LambdaZipVerify, RefusesASigningTimeInTheFuture) {
  EXPECT_TRUE(verify(package(), authority().now - 15min));
  const auto verified = verify(package(), authority().now - 15min - 1ms);
  ASSERT_FALSE(verified);
  EXPECT_EQ(verified.error().kind, ErrorKind::corrupt);
  EXPECT_EQ(verified.error().message,
            "The signature's time, 2026-09-28T09:19:26.806Z, is in the future: the clock here says "
            "2026-09-28T09:04:26.805Z.");
}

// A package whose signature is genuine, but has these attributes.
Bytes with_attributes(std::vector<crypto::CmsAttribute> attributes) {
  const crypto::Sha384 digest = crypto::sha384(*lambda_inner_digest(MemoryReadAt(package())));
  const auto der = crypto::sign_cms({.content_digest = digest,
                                     .signing_time = authority().now,
                                     .attributes = std::move(attributes)},
                                    authority().chain(), *authority().leaf.signer);
  EXPECT_TRUE(der);
  return changed([&](TestZip& z) { z.entries.back().body = lambda_signature_text(*der); });
}

std::vector<crypto::CmsAttribute> good_attributes() {
  return {{"1.3.187.137.1.2", crypto::der_utf8_string(statement().job_arn)},
          {"1.3.187.137.1.3", crypto::der_generalized_time(statement().expires_at)},
          {"1.3.187.137.1.4", crypto::der_utf8_string(statement().profile_version_arn)}};
}

// Another leaf of the same authority, and a package that it signs in the name of MyProfile.
Bytes signed_by_leaf_of(const crypto::DistinguishedName& subject) {
  crypto::SystemRandom random;
  const crypto::TestIdentity other(random);
  crypto::CertificateRequest request =
      authority().request(crypto::CertificateShape::code_signing_leaf);
  request.subject = subject;
  request.public_key = other.signer->public_key();
  const auto leaf = crypto::issue(request, authority().intermediate.certificate,
                                  *authority().intermediate.signer, random);
  EXPECT_TRUE(leaf);
  const crypto::CertificateChain chain = {*leaf, authority().intermediate.certificate,
                                          authority().root.certificate};
  const crypto::Sha384 digest = crypto::sha384(*lambda_inner_digest(MemoryReadAt(package())));
  const auto der = crypto::sign_cms(
      {.content_digest = digest, .signing_time = authority().now, .attributes = good_attributes()},
      chain, *other.signer);
  EXPECT_TRUE(der);
  return changed([&](TestZip& z) { z.entries.back().body = lambda_signature_text(*der); });
}

TEST(LambdaZipVerify, BelievesAnyLeafOfTheProfile) {  // they are renewed every few days
  EXPECT_EQ(refusal(signed_by_leaf_of(
                {.common_name = "MyProfile", .organizational_unit = "123456789012"})),
            "");
}

TEST(LambdaZipVerify, RefusesALeafThatSpeaksForAnotherProfile) {
  const std::vector<crypto::DistinguishedName> others = {
      {.common_name = "Other", .organizational_unit = "123456789012"},
      {.common_name = "myprofile", .organizational_unit = "123456789012"},
      {.common_name = "MyProfile2", .organizational_unit = "123456789012"},
      {.common_name = "MyProfile", .organizational_unit = "210987654321"},
      {.common_name = "MyProfile", .organization = "123456789012"},
      {.common_name = "123456789012", .organizational_unit = "MyProfile"}};
  for (const crypto::DistinguishedName& other : others) {
    EXPECT_EQ(refusal(signed_by_leaf_of(other)),
              "The signer's certificate is not of the profile MyProfile of the account "
              "123456789012.")
        << other.common_name;
  }
}

TEST(LambdaZipVerify, RefusesAJobOfAnotherAccountOrRegionThanTheProfiles) {
  auto attributes = good_attributes();
  const std::string job = statement().job_arn;
  attributes[0].value_der =
      crypto::der_utf8_string(std::string(job).replace(25, 12, "210987654321"));
  EXPECT_EQ(refusal(with_attributes(attributes)),
            "The signature names a job and a profile of different accounts.");
  attributes[0].value_der = crypto::der_utf8_string(std::string(job).replace(15, 9, "eu-west-1"));
  EXPECT_EQ(refusal(with_attributes(attributes)),
            "The signature names a job and a profile of different regions.");
}

TEST(LambdaZipVerify, RefusesGenuineSignaturesThatLackAnAttribute) {
  EXPECT_EQ(refusal(with_attributes(good_attributes())), "");
  for (std::size_t i = 0; i < 3; ++i) {
    auto attributes = good_attributes();
    attributes.erase(attributes.begin() + std::ptrdiff_t(i));
    EXPECT_EQ(refusal(with_attributes(attributes)),
              "The signature lacks the signed attribute " + good_attributes()[i].oid + ".");
  }
}

TEST(LambdaZipVerify, RefusesGenuineSignaturesWithAnUnknownAttribute) {
  auto attributes = good_attributes();
  attributes.push_back({"1.3.187.137.1.5", crypto::der_utf8_string("x")});
  EXPECT_EQ(refusal(with_attributes(attributes)),
            "The signature has signed attributes beyond those of a Lambda package.");
}

TEST(LambdaZipVerify, RefusesGenuineSignaturesOfSomethingElse) {
  auto attributes = good_attributes();
  attributes[0].value_der = crypto::der_utf8_string("arn:aws:iam::123456789012:role/x");
  EXPECT_EQ(refusal(with_attributes(attributes)), "The signature does not name a signing job.");
}

TEST(LambdaZipVerify, RefusesAttributesOfAnotherType) {
  auto attributes = good_attributes();
  attributes[1].value_der = attributes[0].value_der;
  EXPECT_FALSE(refusal(with_attributes(attributes)).empty());
}

// The digest has no frame. These two packages have the same, and the documentation says so.
TEST(LambdaZipVerify, CannotTellWhereANameEndsAndItsBodyBegins) {
  EXPECT_EQ(refusal(changed([](TestZip& z) {
              z.entries[2].name = "lib/aa";
              z.entries[2].body = "aa";
            })),
            "");
}

}  // namespace
}  // namespace hallmark::formats::test
