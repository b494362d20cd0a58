// `hallmark sign` and what `hallmark verify` asks a server, in one process.
#include <gtest/gtest.h>

#include "base/json.h"
#include "cli/api_client.h"
#include "cli/test_running.h"
#include "formats/test_zip.h"

namespace hallmark::cli {
namespace {

using hallmark::test::value_of;
using test::Done;
using test::has;

class SignTest : public test::RunningTest {
 protected:
  void put_profile(const std::string& name, std::string_view platform) const {
    call({.method = http::Method::put,
          .path = "/signing-profiles/" + name,
          .body = fmt::format(R"({{"platformId":"{}"}})", platform)});
  }
  JsonDocument call(const ApiRequest& request) const {
    const SystemClock clock;
    const ApiClient client(value_of(read_client_settings({.endpoint = {}, .directory = directory})),
                           clock);
    return value_of(client.call(request));
  }
  std::string package() const {
    const Bytes zip =
        formats::test::build({.entries = {{.name = "index.js", .body = "exports.handler = 1"}}});
    return write("app.zip", text_of(zip));
  }
  std::string signed_package() const {
    put_profile("Release", "AWSLambda-SHA384-ECDSA");
    done({"sign", package(), "--profile", "Release", "-o", path("signed.zip")});
    return path("signed.zip");
  }
  std::string job_of(const std::string& file) const {
    const auto document = value_of(JsonDocument::parse(done({"verify", file, "--json"})));
    return std::string(value_of(value_of(document.root().object()).get_text("jobArn")));
  }
  Done verify_online(const std::string& file) const {
    return run({"verify", file, "--endpoint", service->endpoint()});
  }

  static constexpr std::string_view payload =
      R"({"targetArtifact":{"mediaType":"application/vnd.oci.image.manifest.v1+json",)"
      R"("digest":"sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",)"
      R"("size":2}})";
};

TEST_F(SignTest, APackageIsSignedByOneCommandThatLeavesNothingBehind) {
  const std::string file = signed_package();
  EXPECT_TRUE(has(done({"verify", file}), "valid\n"));
  EXPECT_EQ(done({"object", "list", "--bucket", "hallmark-sign"}), "");
}

TEST_F(SignTest, AnOutputThatIsThereIsReplacedOnlyByForce) {
  const std::string file = signed_package();
  const std::string before = value_of(read_file(file, 1 << 20));
  std::vector<std::string> again = {"sign", package(), "--profile", "Release", "-o", file};
  expect_status(run(again), 1, "exists already: --force replaces it.");
  EXPECT_EQ(value_of(read_file(file, 1 << 20)), before);
  again.emplace_back("--force");
  done(again);
  EXPECT_NE(value_of(read_file(file, 1 << 20)), before);
}

TEST_F(SignTest, AJobThatFailsSaysWhy) {
  put_profile("Release", "AWSLambda-SHA384-ECDSA");
  const Done failed =
      run({"sign", write("no.zip", "no zip"), "--profile", "Release", "-o", path("out")});
  expect_status(failed, 1, "has failed: ");
  EXPECT_FALSE(std::filesystem::exists(path("out")));
  EXPECT_EQ(done({"object", "list", "--bucket", "hallmark-sign"}), "");
}

TEST_F(SignTest, AZipFileUnderAProfileOfNotationIsWarnedOf) {
  put_profile("Images", "Notation-OCI-SHA384-ECDSA");
  const Done ran = run({"sign", package(), "--profile", "Images", "-o", path("out.jws")});
  EXPECT_TRUE(has(ran.err, "warning: " + package() + " is a zip file: the profile signs payloads"))
      << ran.err;
  const std::string large = write("large.zip", "PK\x03\x04" + std::string(5000, 'x'));
  expect_status(run({"sign", large, "--profile", "Images", "-o", path("large.jws")}), 1,
                "more than the 4096 bytes of a payload: the profile signs payloads");
}

TEST_F(SignTest, APayloadGoesToAnEnvelope) {
  put_profile("Images", "Notation-OCI-SHA384-ECDSA");
  const std::string file = write("payload.json", payload);
  const std::string out =
      done({"sign", file, "--profile", "Images", "-o", path("out.jws"), "--json"});
  EXPECT_TRUE(has(out, R"("status":"Succeeded")")) << out;
  const std::string shown =
      done({"verify", path("out.jws"), "--payload", file, "--expected-digest",
            "sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "--endpoint",
            service->endpoint()});
  EXPECT_TRUE(has(shown,
                  "artifact digest      "
                  "sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"))
      << shown;
  EXPECT_TRUE(has(shown, "nothing is revoked")) << shown;
  expect_status(run({"verify", path("out.jws"), "--expected-digest",
                     "sha256:bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"}),
                1, "of another artifact");
}

TEST_F(SignTest, AnObjectIsSignedWhereItIs) {
  put_profile("Release", "AWSLambda-SHA384-ECDSA");
  std::string version = done({"object", "put", "src/app.zip", package()});
  version.pop_back();
  const std::string out =
      done({"sign", "--profile", "Release", "--source", "s3://src/app.zip?versionId=" + version,
            "--destination", "s3://src/signed/"});
  EXPECT_TRUE(out.starts_with("signed s3://src/signed/")) << out;
}

TEST_F(SignTest, WrongUsageExitsWith2) {
  const std::string file = package();
  const std::vector<std::vector<std::string>> uses = {
      {"sign", file},
      {"sign", "--profile", "Release"},
      {"sign", file, "--profile", "Release"},
      {"sign", file, "--profile", "Release", "-o", path("o"), "--timeout", "soon"},
      {"sign", file, "--profile", "Release", "--source", "s3://a/b", "--destination", "s3://a"},
      {"sign", "--profile", "Release", "--source", "s3://a/b?versionId=1"},
      {"sign", "--profile", "Release", "--source", "a/b", "--destination", "s3://a/"},
      {"sign", "--profile", "Release", "--source", "s3://a/b", "--destination", "s3://a/"},
  };
  for (const auto& use : uses) {
    EXPECT_EQ(run(use).status, 2) << testing::PrintToString(use);
  }
}

TEST_F(SignTest, AnUnknownProfileIsNamedByTheServer) {
  expect_status(run({"sign", package(), "--profile", "Nobody", "-o", path("out")}), 1,
                "ResourceNotFoundException");
}

TEST_F(SignTest, ARevokedSignatureIsNotValidOnline) {
  const std::string file = signed_package();
  EXPECT_EQ(verify_online(file).status, 0);
  const std::string job = job_of(file);
  call({.method = http::Method::put,
        .path = "/signing-jobs/" + job.substr(job.rfind('/') + 1) + "/revoke",
        .body = R"({"reason":"test"})"});
  expect_status(verify_online(file), 1, "is not valid: the job " + job + " is revoked.");
  EXPECT_EQ(run({"verify", file}).status, 0);
}

TEST_F(SignTest, ARevokedCertificateEndsItsSignaturesAndTheNextLeafSigns) {
  const std::string file = signed_package();
  const std::string listed = done({"certificate", "list"});
  const std::size_t leaf = listed.find("leaf          ");
  ASSERT_NE(leaf, std::string::npos) << listed;
  const std::string serial = listed.substr(leaf + 14, listed.find("  ", leaf + 14) - leaf - 14);
  done({"certificate", "revoke", serial});
  expect_status(verify_online(file), 1, "is not valid: the certificate ");
  done({"sign", package(), "--profile", "Release", "-o", path("again.zip")});
  EXPECT_EQ(verify_online(path("again.zip")).status, 0);
}

TEST_F(SignTest, ARevokedIntermediateEndsAllSignatures) {
  const std::string file = signed_package();
  const std::string listed = done({"certificate", "list"});
  done({"certificate", "revoke", listed.substr(14, listed.find("  ", 14) - 14)});
  expect_status(verify_online(file), 1, "is not valid: the certificate ");
  expect_status(run({"sign", package(), "--profile", "Release", "-o", path("out")}), 1, "");
}

TEST_F(SignTest, AnotherMachineIsAskedOverHttpsOnly) {
  const std::string file = signed_package();
  const std::string remote = "http://server.invalid:9400";
  expect_status(run({"verify", file, "--endpoint", remote}), 1, "is reached over https only");
  expect_status(
      run({"sign", package(), "--profile", "Release", "-o", path("out"), "--endpoint", remote}), 1,
      "is reached over https only");
}

TEST_F(SignTest, WithoutAnAnswerNothingIsValid) {
  const std::string file = signed_package();
  const Done away = run({"verify", file, "--endpoint", "http://127.0.0.1:1", "--json"});
  expect_status(away, 1, "Revocations could not be asked for");
  EXPECT_TRUE(has(away.out, R"("valid":false)")) << away.out;
  EXPECT_TRUE(has(away.out, R"("revocationChecked":false)")) << away.out;
}

}  // namespace
}  // namespace hallmark::cli
