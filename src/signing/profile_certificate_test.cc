#include "signing/profile_certificate.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "access/test_caller.h"
#include "base/file.h"
#include "model/test_profile.h"
#include "pki/test_authority.h"
#include "store/certificates.h"

namespace hallmark::signing {
namespace {

using access::test::account;
using hallmark::test::expect_done;
using hallmark::test::value_of;

class ProfileCertificate : public testing::Test {
 protected:
  // The ARN of a certificate of tests/vectors/certificates, imported.
  std::string imported(std::string_view name, std::string_view owner = "111122223333") {
    store::ImportedCertificate row{
        .account = account(owner),
        .id = Uuid::v7(made_.clock.now(), made_.random),
        .chain = value_of(
            read_file(fmt::format("{}/certificates/{}.pem", HALLMARK_VECTORS, name), 1 << 16)),
        .tags = {},
        .created_at = made_.clock.now(),
        .imported_at = made_.clock.now()};
    expect_done(made_.store->write([&](store::Transaction& tx) {
      return store::insert_imported_certificate(tx, row, Bytes{1});
    }));
    return model::certificate_arn({}, row.account, row.id);
  }
  std::string check(const std::string& arn) {
    model::Profile profile = model::test::profile_named("Firmware");
    profile.platform_id = "AWSIoTDeviceManagement-SHA256-ECDSA";
    profile.certificate_arn = arn;
    const auto fit = made_.store->read([&](store::Reader& rows) {
      return check_profile_certificate(rows, {}, profile, made_.clock.now());
    });
    return fit ? "fit" : std::string(name_of(fit.error().kind));
  }

  pki::test::TestAuthority made_;
};

TEST_F(ProfileCertificate, MayBeAbsent) { EXPECT_EQ(check({}), "fit"); }

TEST_F(ProfileCertificate, IsOneThatTheAccountImported) {
  EXPECT_EQ(check(imported("unrelated")), "fit");
}

TEST_F(ProfileCertificate, OfAnotherAccountIsNotFound) {
  EXPECT_EQ(check(imported("unrelated", "999999999999")), name_of(ErrorKind::not_found));
}

TEST_F(ProfileCertificate, ThatIsNotThereIsNotFound) {
  for (const char* arn :
       {"arn:aws:acm:us-east-1:111122223333:certificate/0192f0c1-0000-7000-8000-000000000001",
        "arn:aws:acm:us-east-1:111122223333:certificate/1",
        "arn:aws:iam::111122223333:server-certificate/one"}) {
    EXPECT_EQ(check(arn), name_of(ErrorKind::not_found)) << arn;
  }
}

TEST_F(ProfileCertificate, ThatCannotSignForThePlatformIsInvalid) {
  for (const std::string_view name : {"rsa2048", "p384", "tls", "bare", "expired"}) {
    EXPECT_EQ(check(imported(name)), name_of(ErrorKind::invalid)) << name;
  }
}

}  // namespace
}  // namespace hallmark::signing
