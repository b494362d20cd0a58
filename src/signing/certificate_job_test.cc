// Jobs of profiles that sign with a certificate of the user's own.
#include <gtest/gtest.h>

#include "base/relay.h"
#include "formats/format.h"
#include "pki/test_imported.h"
#include "signing/job_run.h"
#include "signing/test_signing.h"
#include "store/certificate_revocation.h"
#include "store/driver.h"

namespace hallmark::signing {
namespace {

using ::hallmark::test::error_of;
using ::hallmark::test::expect_done;
using ::hallmark::test::value_of;
using model::JobStatus;

class CertificateJobTest : public test::SigningTest {
 protected:
  std::string imported(std::string_view name) {
    auto call = permit(pki::test::material(name));
    return value_of(test::awaited<std::string>(
        [&](auto then) { certificates.import_certificate(std::move(call), std::move(then)); }));
  }
  void add_profile_with(const std::string& certificate, std::string_view platform) {
    PutSigningProfile call = test::profile_call();
    call.platform_id = platform;
    call.certificate_arn = certificate;
    value_of(put(call));
  }
  Result<void> attempt() {
    const JobServices services{store, objects, *made.authority, certificates, clock, made.home, {}};
    JobRun run(services, *claim());
    auto outcome = run.attempt();
    if (!outcome) expect_done(run.fail(outcome.error().message));
    return outcome;
  }
  std::string content_of(const model::JobId& id) {
    auto object = value_of(objects.snapshot(uploaded(id).at(0)));
    Bytes bytes(object->size());
    expect_done(object->read_at(0, bytes));
    return std::string(text_of(bytes));
  }
};

TEST_F(CertificateJobTest, AFirmwareImageIsSignedWithTheCertificatesKey) {
  add_profile_with(imported("signer"), "AWSIoTDeviceManagement-SHA256-ECDSA");
  const model::JobId id = started(Bytes(1000, 7));
  expect_done(attempt());
  EXPECT_EQ(job(id).status, JobStatus::succeeded);
  const std::string content = content_of(id);
  EXPECT_TRUE(content.starts_with(R"({"rawPayloadSize":1000,"signature":")")) << content;
  EXPECT_NE(content.find(R"("signatureAlgorithm":"SHA256withECDSA")"), std::string::npos);
  EXPECT_NE(content.find(R"("bucketName":"bucket")"), std::string::npos);
  EXPECT_EQ(job(id).signature_expires_at, std::nullopt);
}

TEST_F(CertificateJobTest, ALargeFirmwareImageIsSignedToo) {
  add_profile_with(imported("signer"), "AWSIoTDeviceManagement-SHA256-ECDSA");
  const Bytes image(relayed_bytes_min + 1, 7);
  const model::JobId id = started(image);
  expect_done(attempt());
  const auto chain =
      value_of(crypto::certificates_from_pem(pki::test::certificate_file("signer.pem")));
  const std::string content = content_of(id);
  const MemoryReadAt payload(image);
  EXPECT_TRUE(formats::find_format("json-detached")
                  ->verify({.object = MemoryReadAt(bytes_of(content)),
                            .trusted = chain,
                            .now = clock.now(),
                            .payload = &payload}));
}

TEST_F(CertificateJobTest, ARevokedCertificateFailsTheJob) {
  add_profile_with(imported("signer"), "AWSIoTDeviceManagement-SHA256-ECDSA");
  const auto chain =
      value_of(crypto::certificates_from_pem(pki::test::certificate_file("signer.pem")));
  const model::JobId id = started(Bytes(1000, 7));
  expect_done(store.write([&](store::Transaction& tx) {
    return store::insert_certificate_revocation(
        tx, {crypto::tbs_sha384_hex(chain.front()), "UNSPECIFIED", clock.now(), "arn"});
  }));
  EXPECT_FALSE(attempt());
  EXPECT_EQ(job(id).status, JobStatus::failed);
  EXPECT_NE(job(id).status_reason.find("is revoked"), std::string::npos);
}

TEST_F(CertificateJobTest, AnRsaKeySignsForTheBoardThatWantsSha1) {
  add_profile_with(imported("rsa2048"), "AmazonFreeRTOS-TI-CC3220SF");
  const model::JobId id = started(Bytes(1000, 7));
  expect_done(attempt());
  EXPECT_NE(content_of(id).find(R"("signatureAlgorithm":"SHA1withRSA")"), std::string::npos);
}

TEST_F(CertificateJobTest, ACertificateThatIsGoneFailsTheJob) {
  const std::string arn = imported("signer");
  add_profile_with(arn, "AWSIoTDeviceManagement-SHA256-ECDSA");
  const model::JobId id = started(Bytes(1000, 7));
  expect_done(store.write([](store::Transaction& tx) -> Result<void> {
    TRY(store::execute(tx, "DELETE FROM imported_certificates"));
    return {};
  }));
  EXPECT_FALSE(attempt());
  EXPECT_EQ(job(id).status, JobStatus::failed);
}

}  // namespace
}  // namespace hallmark::signing
