#include "formats/notation_envelope.h"

#include <gtest/gtest.h>

#include "base/encoding.h"
#include "base/json.h"
#include "base/limits.h"
#include "crypto/digest.h"
#include "crypto/ecdsa_values.h"
#include "crypto/test_support.h"
#include "formats/notation_header.h"

namespace hallmark::formats {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view payload =
    R"({"targetArtifact":{"mediaType":"application/vnd.oci.image.manifest.v1+json",)"
    R"("digest":"sha256:73c803930ea3ba1e54bc25c2bdc53edd0284c62ed651fe7b00369da519a3c333",)"
    R"("size":16724}})";

const crypto::TestAuthority& authority() {
  static const crypto::TestAuthority made;
  return made;
}

Timestamp now() { return from_unix_seconds(unix_seconds(authority().now)); }

Statement statement() {
  return {.job_arn =
              "arn:aws:signer:us-east-1:123456789012:/signing-jobs/"
              "0198f0c1-0000-7000-8000-000000000001",
          .profile_version_arn =
              "arn:aws:signer:us-east-1:123456789012:/signing-profiles/MyProfile/Ab3dEf6h1J",
          .signing_time = now(),
          .expires_at = now() + std::chrono::days(365)};
}

NotationSeal seal_of_leaf() {
  return *NotationSeal::make(*authority().leaf.signer, authority().chain());
}

Result<std::string> seal(const Statement& says = statement()) {
  return seal_of_leaf().seal(says, bytes_of(payload));
}

const std::string& envelope() {
  static const std::string made = *seal();
  return made;
}

Result<NotationVerification> verify(std::string_view text, Timestamp at = now()) {
  return verify_notation(text, {authority().root.certificate}, at);
}

std::string refusal(std::string_view text, Timestamp at = now()) {
  const auto verified = verify(text, at);
  if (verified) return "";
  EXPECT_EQ(verified.error().kind, ErrorKind::corrupt) << describe(verified.error());
  return verified.error().message;
}

std::string member(std::string_view name) {
  const auto document = *JsonDocument::parse(envelope());
  return std::string(*document.root().object()->get_text(name));
}

// The envelope with one text for another, wherever it stands.
std::string with(std::string text, std::string_view old, std::string_view fresh) {
  const auto at = text.find(old);
  EXPECT_NE(at, std::string::npos) << old;
  return text.replace(at, old.size(), fresh);
}

// An envelope whose protected header is `json`, signed in order.
std::string signed_with_header(std::string_view json) {
  const std::string header = to_base64url(bytes_of(json));
  const std::string input = header + "." + member("payload");
  const Bytes der = *authority().leaf.signer->sign_digest(crypto::SignatureAlgorithm::ecdsa_sha384,
                                                          crypto::sha384(bytes_of(input)));
  const Bytes raw = *crypto::ecdsa_raw_from_der(crypto::KeyKind::p384, der);
  std::string text = with(envelope(), member("protected"), header);
  return with(text, member("signature"), to_base64url(raw));
}

TEST(NotationEnvelope, SealsAndVerifies) {
  const auto verified = verify(envelope());
  ASSERT_TRUE(verified) << describe(verified.error());
  EXPECT_EQ(verified->statement, statement());
  EXPECT_EQ(text_of(verified->payload), payload);
  ASSERT_EQ(verified->chain.size(), 3u);
  EXPECT_EQ(verified->chain.front().der, authority().leaf.certificate.der);
}

TEST(NotationEnvelope, HasTheProtectedMembersOfTheSpecificationAndNoOthers) {
  EXPECT_EQ(text_of(*from_base64url(member("protected"))),
            R"({"alg":"ES384","crit":["io.cncf.notary.signingScheme",)"
            R"("io.cncf.notary.authenticSigningTime","io.cncf.notary.expiry",)"
            R"("io.cncf.notary.verificationPlugin","com.amazonaws.signer.signingProfileVersion",)"
            R"("com.amazonaws.signer.signingJob"],)"
            R"("cty":"application/vnd.cncf.notary.payload.v1+json",)"
            R"("io.cncf.notary.signingScheme":"notary.x509.signingAuthority",)"
            R"("io.cncf.notary.authenticSigningTime":"2026-09-28T09:19:26Z",)"
            R"("io.cncf.notary.expiry":"2027-09-28T09:19:26Z",)"
            R"("io.cncf.notary.verificationPlugin":"com.amazonaws.signer.notation.plugin",)"
            R"("com.amazonaws.signer.signingProfileVersion":)"
            R"("arn:aws:signer:us-east-1:123456789012:/signing-profiles/MyProfile/Ab3dEf6h1J",)"
            R"("com.amazonaws.signer.signingJob":)"
            R"("arn:aws:signer:us-east-1:123456789012:/signing-jobs/)"
            R"(0198f0c1-0000-7000-8000-000000000001"})");
}

TEST(NotationEnvelope, HoldsTheFourMembersAndTheChainWithItsRootLast) {
  const auto document = *JsonDocument::parse(envelope());
  const auto object = *document.root().object();
  EXPECT_EQ(object.members().size(), 4u);
  const auto header = *object.get_object("header");
  EXPECT_EQ(header.members().size(), 1u);
  const auto certificates = *header.get("x5c")->array();
  ASSERT_EQ(certificates.size(), 3u);
  EXPECT_EQ(*certificates[2].text(), to_base64(authority().root.certificate.der));
}

TEST(NotationEnvelope, SignsTheBytesAsTheyAre) {
  EXPECT_EQ(member("payload"), to_base64url(bytes_of(payload)));
  const Bytes any = {0, 1, 0xff};
  const auto sealed = seal_of_leaf().seal(statement(), any);
  EXPECT_EQ(verify(*sealed)->payload, any);
}

TEST(NotationEnvelope, IsVerifiedByOpenssl) {
  const crypto::TemporaryFolder folder;
  folder.write("input", member("protected") + "." + member("payload"));
  const Bytes raw = *from_base64url(member("signature"));
  ASSERT_EQ(raw.size(), 96u);
  const Bytes der = *crypto::ecdsa_der_from_raw(crypto::KeyKind::p384, raw);
  folder.write("signature", text_of(der));
  folder.write("leaf.pem", crypto::to_pem({authority().leaf.certificate}));
  folder.write("intermediate.pem", crypto::to_pem({authority().intermediate.certificate}));
  folder.write("root.pem", crypto::to_pem({authority().root.certificate}));
  const auto key = crypto::run("openssl x509 -in " + folder.path("leaf.pem") +
                               " -noout -pubkey -out " + folder.path("key.pem"));
  ASSERT_EQ(key.status, 0) << key.output;
  const auto verified =
      crypto::run("openssl dgst -sha384 -verify " + folder.path("key.pem") + " -signature " +
                  folder.path("signature") + " " + folder.path("input"));
  EXPECT_EQ(verified.status, 0) << verified.output;
  const auto chain = crypto::run("openssl verify -attime " + std::to_string(unix_seconds(now())) +
                                 " -CAfile " + folder.path("root.pem") + " -untrusted " +
                                 folder.path("intermediate.pem") + " " + folder.path("leaf.pem"));
  EXPECT_EQ(chain.status, 0) << chain.output;
}

TEST(NotationEnvelope, WithAnotherContentIsRefused) {
  const std::string other = to_base64url(bytes_of("another payload"));
  EXPECT_NE(refusal(with(envelope(), member("payload"), other)), "");
  std::string signature = member("signature");
  signature[5] = signature[5] == 'A' ? 'B' : 'A';
  EXPECT_NE(refusal(with(envelope(), member("signature"), signature)), "");
  EXPECT_NE(refusal(with(envelope(), member("signature"), to_base64url(Bytes(96, 0)))), "");
  EXPECT_NE(refusal(with(envelope(), member("signature"), to_base64url(Bytes(95, 1)))), "");
}

TEST(NotationEnvelope, WithAnyOtherHeaderIsRefusedThoughItIsSigned) {
  const std::string good = notation_protected_header(statement());
  ASSERT_EQ(refusal(signed_with_header(good)), "");
  for (const auto& [old, fresh] : std::vector<std::pair<std::string_view, std::string_view>>{
           {R"("ES384")", R"("ES256")"},
           {R"("ES384")", R"("none")"},
           {R"("alg":"ES384",)", R"("alg":"ES384","kid":"1",)"},
           {R"("cty":"application/vnd.cncf.notary.payload.v1+json",)", ""},
           {"notary.x509.signingAuthority", "notary.x509"},
           {R"("io.cncf.notary.expiry","io)", R"("io)"},
           {R"("io.cncf.notary.expiry","io)", R"("io.cncf.notary.scheme","io)"},
           {"2026-09-28T09:19:26Z", "2026-09-28T09:19:26.5Z"},
           {"2026-09-28T09:19:26Z", "2026-09-28T09:19:26+00:00"},
           {"2026-09-28T09:19:26Z", "2024-09-28T09:19:26Z"},
           {"2027-09-28T09:19:26Z", "2026-09-28T09:19:26Z"},
           {"MyProfile/", "Another/"},
           {"/Ab3dEf6h1J", ""},
           {"0198f0c1-0000-7000-8000-000000000001", "1"}}) {
    EXPECT_NE(refusal(signed_with_header(with(good, old, fresh))), "") << old << fresh;
  }
  EXPECT_NE(refusal(signed_with_header("[]")), "");
  EXPECT_NE(refusal(signed_with_header("{")), "");
}

TEST(NotationEnvelope, OfAnotherFormIsRefused) {
  const std::string leaf = to_base64(authority().leaf.certificate.der);
  EXPECT_NE(refusal(""), "");
  EXPECT_NE(refusal("{}"), "");
  EXPECT_NE(refusal("[]"), "");
  EXPECT_NE(refusal(with(envelope(), "{\"payload\"", "{\"more\":1,\"payload\"")), "");
  EXPECT_NE(refusal(with(envelope(), "\"x5c\"", "\"io.cncf.notary.signingAgent\":\"a\",\"x5c\"")),
            "");
  EXPECT_NE(refusal(with(envelope(), "\"" + leaf + "\",", "")), "");
  EXPECT_NE(refusal(with(envelope(), leaf, "*")), "");
  EXPECT_NE(refusal(with(envelope(), leaf, "AAAA")), "");
}

TEST(NotationEnvelope, OfAnotherRootIsRefused) {
  const crypto::TestAuthority other;
  const auto verified = verify_notation(envelope(), {other.root.certificate}, now());
  ASSERT_FALSE(verified);
  EXPECT_EQ(verified.error().kind, ErrorKind::corrupt);
}

const TrustedChain& trusted() {
  static const TrustedChain made =
      *TrustedChain::judge(authority().chain(), {authority().root.certificate}, now());
  return made;
}

std::string refusal_by(const TrustedChain& chain, std::string_view text) {
  const auto verified = verify_notation(text, chain, now());
  if (verified) return "";
  EXPECT_EQ(verified.error().kind, ErrorKind::corrupt) << describe(verified.error());
  return verified.error().message;
}

TEST(NotationEnvelope, OfATrustedChainVerifiesAndSaysTheSame) {
  const auto verified = verify_notation(envelope(), trusted(), now());
  ASSERT_TRUE(verified) << describe(verified.error());
  EXPECT_EQ(verified->statement, statement());
  EXPECT_EQ(text_of(verified->payload), payload);
  EXPECT_EQ(verified->chain.front().der, authority().leaf.certificate.der);
}

TEST(NotationEnvelope, OfATrustedChainIsRefusedWithAnotherContent) {
  EXPECT_NE(refusal_by(trusted(), with(envelope(), member("payload"), to_base64url(Bytes(9)))), "");
  std::string signature = member("signature");
  signature[5] = signature[5] == 'A' ? 'B' : 'A';
  EXPECT_NE(refusal_by(trusted(), with(envelope(), member("signature"), signature)), "");
}

TEST(NotationEnvelope, WithOtherCertificatesThanTheTrustedChainIsRefused) {
  const std::string leaf = "\"" + to_base64(authority().leaf.certificate.der) + "\",";
  const std::string intermediate = to_base64(authority().intermediate.certificate.der);
  const std::string root = to_base64(authority().root.certificate.der);
  for (const std::string& changed :
       {with(envelope(), leaf, ""), with(envelope(), leaf, leaf + leaf),
        with(envelope(), intermediate, root), with(envelope(), ",\"" + root + "\"", "")}) {
    EXPECT_EQ(refusal_by(trusted(), changed), "x5c is not the chain that was expected.");
  }
}

TEST(NotationEnvelope, OfATrustedChainIsRefusedWhenItIsNoLongerValid) {
  Statement late = statement();
  late.signing_time = authority().leaf.certificate.not_after;
  const auto sealed = seal(late);
  ASSERT_TRUE(sealed);
  const auto verified = verify_notation(*sealed, trusted(), late.signing_time);
  ASSERT_FALSE(verified);
  EXPECT_EQ(verified.error().message,
            "A certificate of the chain is not valid at the signing time.");
}

TEST(NotationEnvelope, NoChainIsTrustedThatLeadsNowhereOrLacksItsRoot) {
  const crypto::TestAuthority other;
  EXPECT_FALSE(TrustedChain::judge(authority().chain(), {other.root.certificate}, now()));
  crypto::CertificateChain rootless = authority().chain();
  rootless.pop_back();
  EXPECT_FALSE(TrustedChain::judge(rootless, {authority().root.certificate}, now()));
  EXPECT_FALSE(TrustedChain::judge({}, {authority().root.certificate}, now()));
  EXPECT_FALSE(TrustedChain::judge(authority().chain(), {authority().root.certificate},
                                   authority().leaf.certificate.not_after));
}

TEST(NotationEnvelope, IsGoodUntilItExpires) {
  const Timestamp expiry = statement().expires_at;
  EXPECT_EQ(refusal(envelope(), expiry - 1ms), "");
  EXPECT_EQ(refusal(envelope(), expiry), "The signature has expired.");
  EXPECT_NE(refusal(envelope(), now() - limits::signing_time_skew_max - 1s), "");
}

TEST(NotationEnvelope, IsNotSealedWithAKeyOrAStatementThatDoesNotBelong) {
  const auto other_key = NotationSeal::make(*authority().root.signer, authority().chain());
  ASSERT_FALSE(other_key);
  EXPECT_EQ(other_key.error().kind, ErrorKind::internal);
  Statement wrong = statement();
  wrong.job_arn = "arn:aws:signer:us-east-1:999999999999:/signing-jobs/" +
                  std::string("0198f0c1-0000-7000-8000-000000000001");
  EXPECT_EQ(seal(wrong).error().kind, ErrorKind::internal);
}

}  // namespace
}  // namespace hallmark::formats
