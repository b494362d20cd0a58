#include <gtest/gtest.h>

#include "base/json.h"
#include "base/test_support.h"
#include "cli/test_program.h"
#include "formats/notation_envelope.h"
#include "formats/test_json.h"
#include "formats/test_package.h"

namespace hallmark::cli {
namespace {

using hallmark::test::value_of;
using test::Done;
using test::has;

class VerifyTest : public testing::Test {
 protected:
  std::string write(std::string_view name, ByteView content) const {
    const auto path = folder.path() / name;
    hallmark::test::expect_done(write_file_durably(path, content, 0600));
    return path.string();
  }
  // A package whose signature expires in the year 2100.
  static Bytes package() {
    formats::Statement says = formats::test::statement();
    says.expires_at = value_of(from_rfc3339("2100-01-01T00:00:00Z"));
    const Bytes archive = formats::test::source();
    return formats::test::assembled(value_of(formats::test::seal(archive, says)), archive);
  }
  Done verify(const std::string& file, std::vector<std::string> more = {}) const {
    std::vector<std::string> arguments = {"verify", file, "--trust-root", root};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return test::hallmark(arguments);
  }

  hallmark::test::TemporaryFolder folder;
  const std::string root =
      write("root.pem", bytes_of(crypto::to_pem({formats::test::authority().root.certificate})));
};

TEST_F(VerifyTest, AGoodPackageIsValid) {
  const Done done = verify(write("good.zip", package()));
  EXPECT_EQ(done.status, 0) << done.err;
  EXPECT_TRUE(done.out.starts_with("valid\n"));
  EXPECT_TRUE(has(done.out, formats::test::statement().job_arn));
  EXPECT_EQ(done.err, "");
}

TEST_F(VerifyTest, AChangedPackageIsNotValidAndSaysWhy) {
  Bytes changed = package();
  changed[changed.size() / 2] ^= 1;
  const Done done = verify(write("bad.zip", changed));
  EXPECT_EQ(done.status, 1);
  EXPECT_EQ(done.out, "");
  EXPECT_TRUE(has(done.err, "bad.zip is not valid: ")) << done.err;
}

TEST_F(VerifyTest, AnUnsignedPackageIsNotValid) {
  EXPECT_EQ(verify(write("unsigned.zip", formats::test::source())).status, 1);
}

TEST_F(VerifyTest, AnExpiredPackageIsNotValid) {
  formats::Statement says = formats::test::statement();
  says.expires_at = says.signing_time + std::chrono::seconds(1);
  const Bytes archive = formats::test::source();
  const Bytes expired =
      formats::test::assembled(value_of(formats::test::seal(archive, says)), archive);
  const Done done = verify(write("expired.zip", expired));
  EXPECT_EQ(done.status, 1);
  EXPECT_TRUE(has(done.err, "expired")) << done.err;
}

TEST_F(VerifyTest, AnotherRootDoesNotTrustIt) {
  const crypto::TestAuthority other;
  const std::string other_root =
      write("other.pem", bytes_of(crypto::to_pem({other.root.certificate})));
  EXPECT_EQ(
      test::hallmark({"verify", write("good.zip", package()), "--trust-root", other_root}).status,
      1);
}

TEST_F(VerifyTest, WhatIsNoSignedFormatIsNotValid) {
  for (const char* content : {"", "P", "plain text"}) {
    EXPECT_EQ(verify(write("file", bytes_of(content))).status, 1);
  }
}

TEST_F(VerifyTest, AFileThatIsNotThereIsAFailure) {
  const Done done = verify("/nowhere.zip");
  EXPECT_EQ(done.status, 1);
  EXPECT_EQ(done.err, "hallmark: cannot open /nowhere.zip: No such file or directory\n");
}

TEST_F(VerifyTest, TheRootMustBeNamedOnce) {
  const std::string file = write("good.zip", package());
  EXPECT_NE(test::hallmark({"verify", file}).status, 0);
  EXPECT_NE(verify(file, {"--data-dir", folder.path().string()}).status, 0);
}

TEST_F(VerifyTest, ADirectoryThatIsNoInstallationIsNamed) {
  const std::string file = write("good.zip", package());
  const Done done = test::hallmark({"verify", file, "--data-dir", folder.path().string()});
  EXPECT_TRUE(has(done.err, folder.path().string() + " is no Hallmark data directory")) << done.err;
}

TEST_F(VerifyTest, ARootThatIsNoneIsAFailure) {
  const std::string file = write("good.zip", package());
  for (const char* content : {"", "nonsense", "-----BEGIN CERTIFICATE-----\nAAAA\n"}) {
    EXPECT_EQ(test::hallmark({"verify", file, "--trust-root", write("odd.pem", bytes_of(content))})
                  .status,
              1);
  }
}

TEST_F(VerifyTest, JsonSaysTheSame) {
  const Done done = verify(write("good.zip", package()), {"--json"});
  EXPECT_EQ(done.status, 0);
  const auto document = value_of(JsonDocument::parse(done.out));
  const auto object = value_of(document.root().object());
  EXPECT_EQ(value_of(object.find_boolean("valid")), true);
  EXPECT_EQ(value_of(object.get_text("jobArn")), formats::test::statement().job_arn);
  EXPECT_EQ(value_of(object.get_text("expiresAt")), "2100-01-01T00:00:00Z");
  EXPECT_EQ(value_of(object.find_integer("entries")), 4);
}

TEST_F(VerifyTest, JsonOfABadPackageHasTheReasonAndTheExitStatus) {
  const Done done = verify(write("unsigned.zip", formats::test::source()), {"--json"});
  EXPECT_EQ(done.status, 1);
  const auto document = value_of(JsonDocument::parse(done.out));
  const auto object = value_of(document.root().object());
  EXPECT_EQ(value_of(object.find_boolean("valid")), false);
  EXPECT_NE(value_of(object.get_text("reason")), "");
}

// Formats that do not carry their certificate.
class VerifyJsonTest : public VerifyTest {
 protected:
  const formats::test::Firmware board{"p256"};
  const formats::test::Firmware ti{"rsa-2048"};
  const std::string certificate = write("board.pem", bytes_of(crypto::to_pem(board.chain)));
  const std::string payload = write("firmware.bin", bytes_of("firmware"));
  const std::string detached = write(
      "detached.json", bytes_of(formats::test::sealed(
                           {formats::json_detached_format, board,
                            formats::test::algorithm_of("AWSIoTDeviceManagement-SHA256-ECDSA")},
                           "firmware")));
  const std::string embedded =
      write("embedded.json",
            bytes_of(formats::test::sealed({formats::json_embedded_format, board,
                                            formats::test::algorithm_of("AmazonFreeRTOS-Default")},
                                           "firmware")));
};

TEST_F(VerifyJsonTest, AGoodDetachedSignatureIsValid) {
  const Done done =
      test::hallmark({"verify", detached, "--payload", payload, "--certificate", certificate});
  EXPECT_EQ(done.status, 0) << done.err;
  EXPECT_TRUE(has(done.out, "signature algorithm  SHA256withECDSA")) << done.out;
  EXPECT_TRUE(has(done.out, "payload bucket       firmware")) << done.out;
  EXPECT_TRUE(has(done.out, "CN=Firmware of p256")) << done.out;
}

TEST_F(VerifyJsonTest, AGoodEmbeddedSignatureIsValid) {
  const Done done = test::hallmark({"verify", embedded, "--certificate", certificate, "--json"});
  EXPECT_EQ(done.status, 0) << done.err;
  const auto document = value_of(JsonDocument::parse(done.out));
  const auto object = value_of(document.root().object());
  EXPECT_EQ(value_of(object.find_boolean("valid")), true);
  EXPECT_EQ(value_of(object.find_integer("payloadBytes")), 8);
  EXPECT_EQ(value_of(object.get_text("signatureAlgorithm")), "SHA256withECDSA");
}

TEST_F(VerifyJsonTest, AnotherPayloadOrCertificateIsNotValid) {
  const std::string other_payload = write("other.bin", bytes_of("Firmware"));
  EXPECT_EQ(
      test::hallmark({"verify", detached, "--payload", other_payload, "--certificate", certificate})
          .status,
      1);
  const std::string other = write("ti.pem", bytes_of(crypto::to_pem(ti.chain)));
  EXPECT_EQ(test::hallmark({"verify", embedded, "--certificate", other}).status, 1);
}

TEST_F(VerifyJsonTest, Sha1NeedsItsPlatformToBeNamed) {
  const std::string document =
      write("ti.json",
            bytes_of(formats::test::sealed(
                {formats::json_embedded_format, ti, formats::test::sha1_of_ti()}, "firmware")));
  const std::string signer = write("ti.pem", bytes_of(crypto::to_pem(ti.chain)));
  const Done refused = test::hallmark({"verify", document, "--certificate", signer});
  EXPECT_EQ(refused.status, 1);
  EXPECT_TRUE(has(refused.err, "SHA1withRSA")) << refused.err;
  EXPECT_EQ(test::hallmark({"verify", document, "--certificate", signer, "--platform",
                            "AmazonFreeRTOS-TI-CC3220SF"})
                .status,
            0);
  EXPECT_EQ(test::hallmark({"verify", document, "--certificate", signer, "--platform",
                            "AmazonFreeRTOS-Default"})
                .status,
            1);
}

TEST_F(VerifyJsonTest, WhatIsMissingOrTooMuchIsAWrongUse) {
  const std::vector<std::vector<std::string>> uses = {
      {"verify", detached, "--payload", payload},
      {"verify", detached, "--certificate", certificate},
      {"verify", embedded},
      {"verify", embedded, "--trust-root", certificate},
      {"verify", embedded, "--certificate", certificate, "--payload", payload},
      {"verify", embedded, "--certificate", certificate, "--platform", "Mainframe"},
      {"verify", embedded, "--certificate", certificate, "--profile",
       formats::test::statement().profile_version_arn},
      {"verify", write("good.zip", package()), "--certificate", certificate},
  };
  for (const auto& use : uses) {
    const Done done = test::hallmark(use);
    EXPECT_EQ(done.status, 2) << done.err;
    EXPECT_EQ(done.out, "");
  }
}

class VerifyEnvelopeTest : public VerifyTest {
 protected:
  static std::string envelope(std::string_view expires_at = "2100-01-01T00:00:00Z") {
    formats::Statement says = formats::test::statement();
    says.signing_time = from_unix_seconds(unix_seconds(says.signing_time));
    says.expires_at = value_of(from_rfc3339(expires_at));
    const auto& made = formats::test::authority();
    const auto seal = value_of(formats::NotationSeal::make(*made.leaf.signer, made.chain()));
    return value_of(seal.seal(says, bytes_of(payload)));
  }
  static constexpr std::string_view payload =
      R"({"targetArtifact":{"mediaType":"text/plain",)"
      R"("digest":"sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa","size":2}})";
  const std::string good = write("good.jws", bytes_of(envelope()));
};

TEST_F(VerifyEnvelopeTest, AGoodEnvelopeIsValid) {
  const Done done =
      verify(good, {"--payload", write("payload", bytes_of(payload)), "--expected-digest",
                    "sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
                    "--platform", "Notation-OCI-SHA384-ECDSA"});
  EXPECT_EQ(done.status, 0) << done.err;
  EXPECT_TRUE(has(done.out,
                  "artifact digest      "
                  "sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"))
      << done.out;
  EXPECT_TRUE(has(done.out, "not checked (offline)")) << done.out;
}

TEST_F(VerifyEnvelopeTest, AnEnvelopeOfSomethingElseIsNotValid) {
  for (const auto& more : std::vector<std::vector<std::string>>{
           {"--payload", write("other", bytes_of("other"))},
           {"--expected-digest",
            "sha256:bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"},
           {"--platform", "AmazonFreeRTOS-Default"}}) {
    EXPECT_EQ(verify(good, more).status, 1) << more.front();
  }
}

TEST_F(VerifyEnvelopeTest, AChangedOrForeignEnvelopeIsNotValid) {
  std::string changed = envelope();
  char& letter = changed[changed.find("\"signature\":\"") + 20];
  letter = letter == 'A' ? 'B' : 'A';
  EXPECT_EQ(verify(write("changed", bytes_of(changed))).status, 1);
  const crypto::TestAuthority other;
  const std::string other_root =
      write("other.pem", bytes_of(crypto::to_pem({other.root.certificate})));
  EXPECT_EQ(test::hallmark({"verify", good, "--trust-root", other_root}).status, 1);
}

TEST_F(VerifyEnvelopeTest, AnExpiredEnvelopeIsNotValid) {
  const auto soon = formats::test::statement().signing_time + std::chrono::seconds(2);
  const Done done = verify(
      write("expired", bytes_of(envelope(to_rfc3339(from_unix_seconds(unix_seconds(soon)))))));
  EXPECT_EQ(done.status, 1);
  EXPECT_TRUE(has(done.err, "expired")) << done.err;
}

TEST_F(VerifyEnvelopeTest, ADigestThatIsNoneIsWrongUsage) {
  for (const std::string& digest :
       {std::string("sha256:aa"), std::string(64, 'a'), "md5:" + std::string(32, 'a'),
        "sha256:" + std::string(64, 'A'), "sha512:" + std::string(64, 'a')}) {
    const Done done = verify(good, {"--expected-digest", digest});
    EXPECT_EQ(done.status, 2) << digest;
    EXPECT_TRUE(has(done.err, "64 hexadecimal digits")) << done.err;
  }
}

TEST_F(VerifyEnvelopeTest, OnlyEnvelopesHaveAnArtifact) {
  EXPECT_EQ(verify(write("good.zip", package()),
                   {"--expected-digest",
                    "sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"})
                .status,
            2);
}

TEST_F(VerifyTest, AProfileThatMustHaveSignedIsNamedByItsArnOrAVersions) {
  const std::string file = write("good.zip", package());
  const std::string version = formats::test::statement().profile_version_arn;
  const std::string profile = version.substr(0, version.rfind('/'));
  const std::string other = profile + "x";
  EXPECT_EQ(verify(file, {"--profile", version}).status, 0);
  EXPECT_EQ(verify(file, {"--profile", profile}).status, 0);
  EXPECT_EQ(verify(file, {"--profile", other, "--profile", profile}).status, 0);
  for (const std::string& named :
       {other, profile.substr(0, profile.size() - 1), profile + "/ZZZZZZZZZZ"}) {
    const Done done = verify(file, {"--profile", named});
    EXPECT_EQ(done.status, 1) << named;
    EXPECT_EQ(done.out, "");
    EXPECT_TRUE(has(done.err, "is not valid: It is signed by the profile " + version)) << done.err;
  }
}

TEST_F(VerifyTest, WhatIsNoArnOfAProfileIsAWrongUse) {
  const std::string file = write("good.zip", package());
  for (const std::string& named :
       {std::string("Release"), formats::test::statement().job_arn, std::string()}) {
    EXPECT_EQ(verify(file, {"--profile", named}).status, 2) << named;
  }
}

TEST_F(VerifyEnvelopeTest, AnEnvelopeOfAnotherProfileIsNotValid) {
  const std::string version = formats::test::statement().profile_version_arn;
  EXPECT_EQ(verify(good, {"--profile", version}).status, 0);
  EXPECT_EQ(verify(good, {"--profile", version.substr(0, version.rfind('/')) + "x"}).status, 1);
}

TEST_F(VerifyTest, APlatformThatDoesNotSignSoIsNotBelieved) {
  const std::string file = write("good.zip", package());
  EXPECT_EQ(verify(file, {"--platform", "AWSLambda-SHA384-ECDSA"}).status, 0);
  EXPECT_EQ(verify(file, {"--platform", "AmazonFreeRTOS-Default"}).status, 1);
}

}  // namespace
}  // namespace hallmark::cli
