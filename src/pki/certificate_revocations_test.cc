#include "pki/certificate_revocations.h"

#include "pki/test_imported.h"
#include "store/identities.h"

namespace hallmark::pki {
namespace {

using hallmark::test::error_of;
using hallmark::test::value_of;

class Revoking : public test::ImportedTest {
 protected:
  // As an operator's call comes.
  template <class C>
  Result<access::Permitted<C>> permit_operator(C call) {
    access::Principal who = *access::test::user({access::test::allow_everything});
    who.type = access::PrincipalType::machine_operator;
    return authorizer.permit(
        access::test::caller(std::make_shared<const access::Principal>(std::move(who))),
        std::move(call));
  }
  Result<RevokedCertificate> revoke(RevokeCertificate call) {
    if (call.reason.empty()) call.reason = "UNSPECIFIED";
    std::promise<Result<RevokedCertificate>> promise;
    auto answer = promise.get_future();
    revocations.revoke(
        value_of(permit_operator(std::move(call))),
        [&](Result<RevokedCertificate> outcome) { promise.set_value(std::move(outcome)); });
    return answer.get();
  }
  Result<std::shared_ptr<const SigningIdentity>> identity(std::string_view profile = "Release") {
    return made.authority->identity_for(access::test::account(),
                                        value_of(model::ProfileName::parse(profile)));
  }
  crypto::Certificate leaf() { return value_of(identity())->chain[0]; }
  crypto::Certificate intermediate() { return value_of(identity())->chain[1]; }
  IssuedCertificatePage page(std::optional<Uuid> after = {}, std::size_t count = 10) {
    return value_of(revocations.list_issued(
        value_of(permit_operator(ListIssuedCertificates{access::test::account(), after, count}))));
  }

  CertificateRevocations revocations{*made.store, *made.authority, made.clock, home};
};

TEST_F(Revoking, ALeafByItsSerialNumberEndsItsUse) {
  const crypto::Certificate before = leaf();
  const RevokedCertificate revoked =
      value_of(revoke({.serial = before.serial_hex, .reason = "KEY_COMPROMISE"}));
  EXPECT_EQ(revoked.certificate.der, before.der);
  EXPECT_EQ(revoked.arn, "");
  EXPECT_EQ(revoked.revocation.tbs_sha384, crypto::tbs_sha384_hex(before));
  EXPECT_EQ(revoked.revocation.reason, "KEY_COMPROMISE");
  EXPECT_EQ(revoked.revocation.revoked_at, made.clock.now());
  EXPECT_NE(leaf().der, before.der);
}

TEST_F(Revoking, ALeafStaysRevokedAfterARestart) {
  const crypto::Certificate before = leaf();
  value_of(revoke({.serial = before.serial_hex}));
  made.reopen();
  EXPECT_NE(leaf().der, before.der);
}

TEST_F(Revoking, ALeafIsNamedByItsFile) {
  const crypto::Certificate meant = leaf();
  value_of(revoke({.certificate = crypto::to_pem({meant})}));
  EXPECT_NE(leaf().der, meant.der);
}

TEST_F(Revoking, AgainChangesNothing) {
  const std::string serial = leaf().serial_hex;
  const auto first = value_of(revoke({.serial = serial, .reason = "SUPERSEDED"}));
  made.clock.advance(std::chrono::hours(1));
  const auto second = value_of(revoke({.serial = serial, .reason = "KEY_COMPROMISE"}));
  EXPECT_EQ(second.revocation.revoked_at, first.revocation.revoked_at);
  EXPECT_EQ(second.revocation.reason, "SUPERSEDED");
}

TEST_F(Revoking, TheIntermediateEndsAllSigning) {
  value_of(revoke({.certificate = crypto::to_pem({intermediate()})}));
  EXPECT_EQ(error_of(identity()).kind, ErrorKind::denied);
  EXPECT_EQ(error_of(identity("Other")).kind, ErrorKind::denied);
}

TEST_F(Revoking, ARootIsRefused) {
  const crypto::Certificate root = value_of(made.authority->roots()).front();
  const Error refused = error_of(revoke({.serial = root.serial_hex}));
  EXPECT_EQ(refused.kind, ErrorKind::invalid);
  EXPECT_NE(refused.message.find("trust stores"), std::string::npos) << refused.message;
}

TEST_F(Revoking, WhatIsUnknownIsRefused) {
  const Error refused = error_of(revoke({.serial = "0A1B"}));
  EXPECT_EQ(refused.kind, ErrorKind::not_found);
  EXPECT_NE(refused.message.find("certificate list"), std::string::npos) << refused.message;
  EXPECT_FALSE(revoke({.certificate = "no PEM"}));
}

TEST_F(Revoking, IsAudited) {
  const crypto::Certificate meant = leaf();
  value_of(revoke({.serial = meant.serial_hex}));
  const std::string records = audited();
  EXPECT_NE(records.find("\"RevokeCertificate\""), std::string::npos);
  EXPECT_NE(records.find(crypto::tbs_sha384_hex(meant)), std::string::npos);
}

TEST_F(Revoking, IsForOperatorsAlone) {
  EXPECT_EQ(
      error_of(authorizer.permit(access::test::caller(), RevokeCertificate{.serial = "0A"})).kind,
      ErrorKind::denied);
  EXPECT_EQ(error_of(authorizer.permit(access::test::caller(),
                                       ListIssuedCertificates{access::test::account()}))
                .kind,
            ErrorKind::denied);
}

TEST_F(Revoking, AnImportedCertificateSignsNoMoreAndSaysSo) {
  const std::string arn = imported();
  EXPECT_EQ(value_of(revoke({.imported = named(arn)})).arn, arn);
  const Error refused = error_of(certificates.identity_of_certificate(arn));
  EXPECT_EQ(refused.kind, ErrorKind::invalid);
  EXPECT_NE(refused.message.find("is revoked"), std::string::npos) << refused.message;
  EXPECT_EQ(facts(arn).status, CertificateStatus::revoked);
  EXPECT_EQ(facts(arn).revocation->reason, "UNSPECIFIED");
}

TEST_F(Revoking, ARevokedCertificateIsNotImportedAgain) {
  const std::string arn = imported();
  value_of(revoke({.certificate = test::certificate_file("signer.pem")}));
  EXPECT_NE(refusal(test::material()).find("was revoked here"), std::string::npos);
  EXPECT_FALSE(replace(arn, test::material()));
  EXPECT_TRUE(replace(arn, test::material("renewed")));
  EXPECT_EQ(facts(arn).status, CertificateStatus::issued);
}

TEST_F(Revoking, ACertificateThatIsNotKeptHereIsNamedByItsFile) {
  const auto given = value_of(crypto::certificates_from_pem(test::certificate_file("signer.pem")));
  const RevokedCertificate revoked =
      value_of(revoke({.certificate = test::certificate_file("signer.pem")}));
  EXPECT_EQ(revoked.certificate.der, given.front().der);
  EXPECT_EQ(revoked.arn, "");
  EXPECT_NE(refusal(test::material()).find("was revoked here"), std::string::npos);
}

TEST_F(Revoking, AForeignRootIsRefused) {
  const Error refused = error_of(revoke({.certificate = test::certificate_file("authority.pem")}));
  EXPECT_EQ(refused.kind, ErrorKind::invalid);
  EXPECT_NE(refused.message.find("trust stores"), std::string::npos) << refused.message;
}

TEST_F(Revoking, WhatWasImportedTwiceIsOneCertificate) {
  imported();
  const std::string arn = imported();
  const auto chain = value_of(crypto::certificates_from_pem(test::certificate_file("signer.pem")));
  value_of(revoke({.serial = chain.front().serial_hex}));
  EXPECT_EQ(facts(arn).status, CertificateStatus::revoked);
}

TEST_F(Revoking, TheListShowsIntermediatesThenLeavesByProfile) {
  for (const char* profile : {"Second", "First"}) value_of(identity(profile));
  const auto first = page({}, 1);
  ASSERT_EQ(first.certificates.size(), 2u);
  EXPECT_EQ(first.certificates[0].profile_name, "");
  EXPECT_EQ(first.certificates[1].profile_name, "First");
  const auto second = page(first.continue_after, 1);
  ASSERT_EQ(second.certificates.size(), 1u);
  EXPECT_EQ(second.certificates[0].profile_name, "Second");
  const auto third = page(second.continue_after, 1);
  EXPECT_TRUE(third.certificates.empty());
  EXPECT_FALSE(third.continue_after);
}

TEST_F(Revoking, TheListSaysWhatIsRevoked) {
  value_of(revoke({.serial = leaf().serial_hex}));
  const auto all = page().certificates;
  ASSERT_EQ(all.size(), 2u);
  EXPECT_FALSE(all[0].revocation);
  EXPECT_EQ(all[1].revocation->reason, "UNSPECIFIED");
}

TEST_F(Revoking, HasReasonsThatCannotBeTakenBack) {
  EXPECT_TRUE(is_revocation_reason("KEY_COMPROMISE"));
  EXPECT_FALSE(is_revocation_reason("CERTIFICATE_HOLD"));
  EXPECT_NE(all_revocation_reasons().find("UNSPECIFIED, KEY_COMPROMISE"), std::string::npos);
}

// An operator imports into any account that there is.
TEST_F(Revoking, AnOperatorNamesTheAccountOfAnImport) {
  ImportCertificate call = test::material();
  call.account = access::test::account("444455556666");
  const auto import = [&](ImportCertificate of) {
    std::promise<Result<std::string>> promise;
    auto answer = promise.get_future();
    certificates.import_certificate(
        value_of(permit_operator(std::move(of))),
        [&](Result<std::string> outcome) { promise.set_value(std::move(outcome)); });
    return answer.get();
  };
  ImportCertificate again = test::material();
  again.account = call.account;
  EXPECT_EQ(error_of(import(std::move(call))).kind, ErrorKind::not_found);
  hallmark::test::expect_done(made.store->write([&](store::Transaction& tx) {
    return store::insert_account(tx, access::test::account("444455556666"), made.clock.now());
  }));
  EXPECT_NE(value_of(import(std::move(again))).find(":444455556666:"), std::string::npos);
}

}  // namespace
}  // namespace hallmark::pki
