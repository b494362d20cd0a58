#include "crypto/cms.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "base/limits.h"
#include "crypto/cms_structure.h"
#include "crypto/der.h"
#include "crypto/digest.h"
#include "crypto/oids.h"
#include "crypto/test_support.h"

namespace hallmark::crypto {
namespace {

constexpr std::string_view content = "the content that is signed elsewhere";

class CmsTest : public testing::Test {
 protected:
  TestAuthority authority_;
  Bytes digest_ = copy_of(sha384(bytes_of(content)));
  const std::vector<CmsAttribute> extra_ = {
      {"1.3.187.137.1.2", der_utf8_string("arn:aws:signer:us-east-1:123456789012:/signing-jobs/1")},
      {"1.3.187.137.1.3", der_generalized_time(authority_.now + std::chrono::days(90))}};

  Result<Bytes> sign() {
    return sign_cms(
        {.content_digest = digest_, .signing_time = authority_.now, .attributes = extra_},
        authority_.chain(), *authority_.leaf.signer);
  }
};

CommandResult openssl_verifies(const TestAuthority& authority, ByteView message) {
  const TemporaryFolder folder;
  const std::string root = folder.write("root.pem", to_pem({authority.root.certificate}));
  const std::string signature = folder.write("signature", text_of(message));
  const std::string file = folder.write("content", content);
  return run("openssl cms -verify -binary -inform DER -purpose any -out /dev/null -attime " +
             std::to_string(unix_seconds(authority.now)) + " -CAfile " + root + " -content " +
             file + " -in " + signature);
}

TEST_F(CmsTest, OpensslVerifiesIt) {
  const auto message = sign();
  ASSERT_TRUE(message) << describe(message.error());
  const auto answer = openssl_verifies(authority_, *message);
  EXPECT_EQ(answer.status, 0) << answer.output;
}

TEST_F(CmsTest, OpensslSeesThatTheContentIsAnother) {
  digest_[0] ^= 1;
  EXPECT_NE(openssl_verifies(authority_, *sign()).status, 0);
}

TEST_F(CmsTest, OpensslReadsTheStructure) {
  const TemporaryFolder folder;
  const std::string file = folder.write("signature", text_of(*sign()));
  const std::string text = run("openssl cms -cmsout -print -noout -inform DER -in " + file).output;
  for (const auto part : {"contentType: pkcs7-signedData", "eContent: <ABSENT>",
                          "algorithm: sha384", "ecdsa-with-SHA384", "issuerAndSerialNumber",
                          "object: signingTime", "GENERALIZEDTIME:Sep 28 09:19:26.806 2026 GMT",
                          "object: contentType", "object: messageDigest", "(1.2.840.113549.1.9.52)",
                          "(1.3.187.137.1.2)", "unsignedAttrs:\n"}) {
    EXPECT_NE(text.find(part), std::string::npos) << part << text;
  }
}

TEST_F(CmsTest, VerifyingGivesWhatWasSigned) {
  const auto read = verify_cms(*sign(), digest_);
  ASSERT_TRUE(read) << describe(read.error());
  EXPECT_EQ(read->signing_time, authority_.now);
  ASSERT_EQ(read->chain.size(), 3u);
  for (std::size_t i = 0; i < 3; ++i) EXPECT_EQ(read->chain[i].der, authority_.chain()[i].der);
  ASSERT_EQ(read->attributes.size(), 2u);
  for (const CmsAttribute& given : extra_) {
    const auto found = std::ranges::find(read->attributes, given.oid, &CmsAttribute::oid);
    ASSERT_NE(found, read->attributes.end());
    EXPECT_EQ(found->value_der, given.value_der);
  }
}

TEST_F(CmsTest, AP256KeySignsWithSha256) {
  const TestKey key(KeyKind::p256, authority_.random);
  CertificateRequest request = authority_.request(CertificateShape::code_signing_leaf);
  request.public_key = key.signer->public_key();
  CertificateChain chain = authority_.chain();
  chain[0] = *issue(request, chain[1], *authority_.intermediate.signer, authority_.random);
  const Sha256 digest = sha256(bytes_of(content));
  const auto message =
      sign_cms({.content_digest = digest, .signing_time = authority_.now, .attributes = {}}, chain,
               *key.signer);
  ASSERT_TRUE(message) << describe(message.error());
  EXPECT_TRUE(verify_cms(*message, digest));
  const auto answer = openssl_verifies(authority_, *message);
  EXPECT_EQ(answer.status, 0) << answer.output;
}

TEST_F(CmsTest, EveryChangedByteOutsideOfTheCertificatesIsNoticed) {
  Bytes message = *sign();
  std::size_t certificates_begin = message.size();
  std::size_t certificates_end = 0;
  for (const Certificate& certificate : authority_.chain()) {
    const auto found = std::ranges::search(message, certificate.der);
    ASSERT_FALSE(found.empty());
    const auto offset = static_cast<std::size_t>(found.begin() - message.begin());
    certificates_begin = std::min(certificates_begin, offset);
    certificates_end = std::max(certificates_end, offset + found.size());
  }
  for (std::size_t i = 0; i < message.size(); ++i) {
    if (i >= certificates_begin && i < certificates_end) continue;
    message[i] ^= 0x01;
    const auto answer = verify_cms(message, digest_);
    ASSERT_FALSE(answer) << i;
    EXPECT_EQ(answer.error().kind, ErrorKind::corrupt) << i << describe(answer.error());
    message[i] ^= 0x01;
  }
}

TEST_F(CmsTest, EveryChangedByteOfTheDigestIsNoticed) {
  const Bytes message = *sign();
  for (auto& byte : digest_) {
    byte ^= 1;
    EXPECT_FALSE(verify_cms(message, digest_));
    byte ^= 1;
  }
  EXPECT_TRUE(verify_cms(message, digest_));
  EXPECT_FALSE(verify_cms(message, {}));
}

TEST_F(CmsTest, ShortenedLengthenedAndForeignBytesAreRefused) {
  Bytes message = *sign();
  for (std::size_t size = 0; size < message.size(); size += 13) {
    EXPECT_FALSE(verify_cms(ByteView(message).first(size), digest_)) << size;
  }
  message.push_back(0);
  EXPECT_FALSE(verify_cms(message, digest_));
  EXPECT_FALSE(verify_cms(Bytes(limits::signature_block_bytes_max + 1, 0x30), digest_));
  EXPECT_FALSE(verify_cms(authority_.leaf.certificate.der, digest_));
}

TEST_F(CmsTest, AnotherKindOfMessageIsRefused) {
  const Bytes data = der::sequence(
      {der::known_identifier(oids::data), der::value(der::constructed(0), der::octet_string({}))});
  EXPECT_FALSE(verify_cms(data, digest_));
}

TEST_F(CmsTest, RequestsThatMakeNoSenseAreNotSigned) {
  const Signer& signer = *authority_.leaf.signer;
  const auto signs = [&](const CmsRequest& request, const CertificateChain& chain) {
    return sign_cms(request, chain, signer).has_value();
  };
  CmsRequest request = {digest_, authority_.now, {}};
  EXPECT_TRUE(signs(request, authority_.chain()));
  EXPECT_FALSE(signs(request, {}));
  EXPECT_FALSE(signs(request, {authority_.leaf.certificate}));
  EXPECT_FALSE(signs(request, {authority_.root.certificate}));
  request.attributes = {{"not an oid", der_utf8_string("x")}};
  EXPECT_FALSE(signs(request, authority_.chain()));
  request.attributes = {{"1.2.3", der_utf8_string("x")}, {"1.2.3", der_utf8_string("y")}};
  EXPECT_FALSE(signs(request, authority_.chain()));
  request.attributes = {{std::string(oids::signing_time), der_utf8_string("x")}};
  EXPECT_FALSE(signs(request, authority_.chain()));
  request = {ByteView(digest_).first(32), authority_.now, {}};
  EXPECT_FALSE(signs(request, authority_.chain()));
}

// Messages that are properly signed, but not of the accepted structure.
class ForgedCmsTest : public CmsTest {
 protected:
  const AlgorithmRow& row_ = row_of(SignatureAlgorithm::ecdsa_sha384);
  Bytes digest_algorithm_ = digest_algorithm_of(row_);
  Bytes signature_algorithm_ = signature_algorithm_of(row_);
  std::vector<CmsAttribute> attributes_ = {
      {std::string(oids::content_type), content_type_value()},
      {std::string(oids::message_digest), der::octet_string(digest_)},
      {std::string(oids::signing_time), der_generalized_time(authority_.now)},
      {std::string(oids::algorithm_protection),
       algorithm_protection_value(digest_algorithm_, signature_algorithm_)}};
  std::optional<Bytes> attribute_set_;  // instead of that of attributes_
  Bytes unsigned_attributes_;
  std::uint8_t signer_version_ = 1;

  std::uint8_t version_ = 1;
  std::optional<Bytes> digest_algorithms_;
  Bytes content_info_ = der::sequence({der::known_identifier(oids::data)});
  CertificateChain certificates_ = authority_.chain();
  Bytes revocation_lists_;
  std::vector<Bytes> other_signers_;

  Bytes signer_info() {
    const Bytes signed_attributes = attribute_set_ ? *attribute_set_ : *attribute_set(attributes_);
    const Bytes signature = *authority_.leaf.signer->sign_digest(SignatureAlgorithm::ecdsa_sha384,
                                                                 sha384(signed_attributes));
    const Certificate& leaf = authority_.leaf.certificate;
    const Bytes serial = der::integer(from_hex(leaf.serial_hex).value());
    return der::sequence(
        {der::small_integer(signer_version_), der::sequence({leaf.issuer_der, serial}),
         digest_algorithm_, der::retagged(der::constructed(0), signed_attributes),
         signature_algorithm_, der::octet_string(signature), unsigned_attributes_});
  }

  Bytes signed_data() {
    std::vector<Bytes> certificates;
    for (const auto& certificate : certificates_) certificates.push_back(certificate.der);
    std::vector<Bytes> signers = other_signers_;
    signers.push_back(signer_info());
    return der::sequence(
        {der::small_integer(version_),
         digest_algorithms_ ? *digest_algorithms_ : der::set_of({digest_algorithm_}), content_info_,
         der::retagged(der::constructed(0), der::set_of(certificates)), revocation_lists_,
         der::set_of(signers)});
  }

  Bytes message() {
    return der::sequence(
        {der::known_identifier(oids::signed_data), der::value(der::constructed(0), signed_data())});
  }

  bool accepts() { return verify_cms(message(), digest_).has_value(); }
};

TEST_F(ForgedCmsTest, TheUnforgedOneIsAccepted) {
  const auto answer = verify_cms(message(), digest_);
  EXPECT_TRUE(answer) << describe(answer.error());
}

// X.690 §8.1.3.6: the length 0x80, the members, and two zero bytes.
Bytes indefinite(std::uint8_t tag, ByteView members) {
  Bytes whole = {tag, 0x80};
  append(whole, members);
  append(whole, Bytes{0, 0});
  return whole;
}

ByteView content_of_long_form(ByteView der) {
  const std::size_t length_bytes = der[1] & 0x7f;
  return der.subspan(2 + length_bytes);
}

TEST_F(ForgedCmsTest, IndefiniteLengthsAroundItAreAccepted) {
  const Bytes inner = indefinite(der::sequence_tag, content_of_long_form(signed_data()));
  Bytes members = der::known_identifier(oids::signed_data);
  append(members, indefinite(der::constructed(0), inner));
  const Bytes ber = indefinite(der::sequence_tag, members);
  const auto answer = verify_cms(ber, digest_);
  EXPECT_TRUE(answer) << describe(answer.error());
  EXPECT_FALSE(verify_cms(ByteView(ber).first(ber.size() - 2), digest_));
}

TEST_F(ForgedCmsTest, NullParametersOfTheDigestAreAccepted) {
  digest_algorithm_ = digest_algorithm_with_null_of(row_);
  attributes_[3].value_der = algorithm_protection_value(digest_algorithm_, signature_algorithm_);
  EXPECT_TRUE(accepts());
}

TEST_F(ForgedCmsTest, AlgorithmProtectionMustNameTheAlgorithmsUsed) {
  attributes_[3].value_der =
      algorithm_protection_value(digest_algorithm_with_null_of(row_), signature_algorithm_);
  EXPECT_FALSE(accepts());
}

TEST_F(ForgedCmsTest, NoStandardAttributeMayBeMissing) {
  const auto all = attributes_;
  for (std::size_t i = 0; i < all.size(); ++i) {
    attributes_ = all;
    attributes_.erase(attributes_.begin() + std::ptrdiff_t(i));
    EXPECT_FALSE(accepts()) << all[i].oid;
  }
}

TEST_F(ForgedCmsTest, AnotherContentTypeIsRefused) {
  attributes_[0].value_der = der::known_identifier(oids::signed_data);
  EXPECT_FALSE(accepts());
}

TEST_F(ForgedCmsTest, ATimeOfAnotherTypeIsRefused) {
  attributes_[2].value_der = der::certificate_time(authority_.now);
  EXPECT_FALSE(accepts());
}

TEST_F(ForgedCmsTest, ADoubledAttributeIsRefused) {
  attributes_.push_back({"1.2.3", der_utf8_string("x")});
  EXPECT_TRUE(accepts());
  attributes_.push_back({"1.2.3", der_utf8_string("y")});
  EXPECT_FALSE(accepts());
}

TEST_F(ForgedCmsTest, AnAttributeWithTwoValuesOrNoneIsRefused) {
  for (const std::vector<Bytes>& values :
       {std::vector<Bytes>{}, {der_utf8_string("x"), der_utf8_string("y")}}) {
    std::vector<Bytes> encoded = {
        der::sequence({der::known_identifier("1.2.3"), der::set_of(values)})};
    for (const auto& attribute : attributes_) {
      encoded.push_back(der::sequence(
          {der::known_identifier(attribute.oid), der::set_of({attribute.value_der})}));
    }
    attribute_set_ = der::set_of(encoded);
    EXPECT_FALSE(accepts()) << values.size();
  }
}

TEST_F(ForgedCmsTest, UnsignedAttributesAreRefused) {
  unsigned_attributes_ =
      der::retagged(der::constructed(1), *attribute_set({{"1.2.3", der_utf8_string("x")}}));
  EXPECT_FALSE(accepts());
}

TEST_F(ForgedCmsTest, OtherVersionsAreRefused) {
  version_ = 3;
  EXPECT_FALSE(accepts());
  version_ = 1;
  signer_version_ = 3;
  EXPECT_FALSE(accepts());
}

TEST_F(ForgedCmsTest, AttachedContentIsRefused) {
  content_info_ =
      der::sequence({der::known_identifier(oids::data),
                     der::value(der::constructed(0), der::octet_string(bytes_of(content)))});
  EXPECT_FALSE(accepts());
}

TEST_F(ForgedCmsTest, MoreOrFewerDigestAlgorithmsAreRefused) {
  digest_algorithms_ = der::set_of({});
  EXPECT_FALSE(accepts());
  digest_algorithms_ = der::set_of(
      {digest_algorithm_, digest_algorithm_of(row_of(SignatureAlgorithm::ecdsa_sha256))});
  EXPECT_FALSE(accepts());
}

TEST_F(ForgedCmsTest, MoreOrFewerSignersAreRefused) {
  other_signers_ = {signer_info()};
  EXPECT_FALSE(accepts());
}

TEST_F(ForgedCmsTest, RevocationListsAreRefused) {
  revocation_lists_ = der::value(der::constructed(1), {});
  EXPECT_FALSE(accepts());
}

TEST_F(ForgedCmsTest, AWeakerDigestIsRefused) {
  const AlgorithmRow& weaker = row_of(SignatureAlgorithm::ecdsa_sha256);
  digest_algorithm_ = digest_algorithm_of(weaker);
  signature_algorithm_ = signature_algorithm_of(weaker);
  attributes_[3].value_der = algorithm_protection_value(digest_algorithm_, signature_algorithm_);
  EXPECT_FALSE(accepts());
}

TEST_F(ForgedCmsTest, TheSignersCertificateMustBeThere) {
  certificates_.erase(certificates_.begin());
  EXPECT_FALSE(accepts());
  certificates_.clear();
  EXPECT_FALSE(accepts());
}

TEST_F(ForgedCmsTest, CertificatesOfOthersAreRefused) {
  certificates_.push_back(TestAuthority().leaf.certificate);
  EXPECT_FALSE(accepts());
  certificates_ = authority_.chain();
  certificates_.push_back(authority_.root.certificate);
  EXPECT_FALSE(accepts());
}

TEST_F(ForgedCmsTest, AMessageOfOpensslWithoutAlgorithmProtectionIsRefused) {
  const TemporaryFolder folder;
  const std::string key = folder.write("key.pem", authority_.leaf.private_key_pem());
  const std::string leaf = folder.write("leaf.pem", to_pem({authority_.leaf.certificate}));
  const std::string file = folder.write("content", content);
  const auto made = run("openssl cms -sign -binary -md sha384 -outform DER -signer " + leaf +
                        " -inkey " + key + " -in " + file + " -out " + folder.path("signature"));
  ASSERT_EQ(made.status, 0) << made.output;
  const auto answer = verify_cms(bytes_of(folder.read("signature")), digest_);
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().kind, ErrorKind::corrupt);
}

}  // namespace
}  // namespace hallmark::crypto
