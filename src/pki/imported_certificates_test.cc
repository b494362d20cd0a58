#include "pki/imported_certificates.h"

#include "crypto/digest.h"
#include "pki/test_imported.h"

namespace hallmark::pki {
namespace {

using hallmark::test::error_of;
using hallmark::test::expect_done;
using hallmark::test::value_of;
using test::material;

class Importing : public test::ImportedTest {};

TEST_F(Importing, AnswersAnArnThatNamesTheCertificate) {
  const std::string arn = imported();
  EXPECT_TRUE(arn.starts_with("arn:aws:acm:us-east-1:111122223333:certificate/")) << arn;
  EXPECT_EQ(facts(arn).arn, arn);
  EXPECT_NE(imported(), arn);
}

TEST_F(Importing, IsShownAsTheCertificateSays) {
  const CertificateFacts shown = facts(imported());
  EXPECT_EQ(shown.status, CertificateStatus::issued);
  EXPECT_EQ(shown.domain_name, "signer");
  EXPECT_EQ(shown.alternative_names, (std::vector<std::string>{"signer", "signer.example.com"}));
  EXPECT_EQ(shown.subject, "CN=signer,O=Example");
  EXPECT_EQ(shown.issuer, "CN=middle,O=Example");
  EXPECT_EQ(shown.key_algorithm, "EC_prime256v1");
  EXPECT_EQ(shown.signature_algorithm, "SHA256WITHECDSA");
  EXPECT_EQ(shown.key_usages, std::vector<std::string_view>{"DIGITAL_SIGNATURE"});
  ASSERT_EQ(shown.extended_key_usages.size(), 1u);
  EXPECT_EQ(shown.extended_key_usages[0].name, "CODE_SIGNING");
  EXPECT_EQ(shown.extended_key_usages[0].oid, "1.3.6.1.5.5.7.3.3");
  EXPECT_EQ(to_rfc3339(shown.not_before), "2026-01-01T00:00:00Z");
  EXPECT_EQ(shown.created_at, made.clock.now());
  EXPECT_EQ(shown.serial.find_first_not_of("0123456789abcdef:"), std::string::npos);
  EXPECT_EQ(shown.serial.size() % 3, 2u);
}

TEST_F(Importing, SaysWhenNothingIsSaidOfUse) {
  const CertificateFacts shown = facts(imported("bare"));
  EXPECT_EQ(shown.key_usages, std::vector<std::string_view>{"ANY"});
  ASSERT_EQ(shown.extended_key_usages.size(), 1u);
  EXPECT_EQ(shown.extended_key_usages[0].name, "NONE");
}

TEST_F(Importing, TakesEveryKindOfKeyThatSigns) {
  for (const std::string_view name : {"rsa2048", "rsa3072", "p384", "unrelated", "tls"}) {
    EXPECT_TRUE(import(material(name))) << name;
  }
  EXPECT_EQ(facts(imported("rsa3072")).key_algorithm, "RSA_3072");
}

TEST_F(Importing, RefusesTheKeyOfAnotherCertificate) {
  const Error error = error_of(import(material("signer", "unrelated")));
  EXPECT_EQ(error.kind, ErrorKind::invalid);
  EXPECT_EQ(error_of(import(material("signer", "rsa2048"))).kind, ErrorKind::invalid);
}

TEST_F(Importing, RefusesWhatIsNoPrivateKey) {
  ImportCertificate call = material();
  call.private_key = Secret(bytes_of("-----BEGIN PRIVATE KEY-----\nAAAA\n"));
  EXPECT_EQ(error_of(import(std::move(call))).kind, ErrorKind::invalid);
}

TEST_F(Importing, RefusesWeakKeysWithTheReason) {
  EXPECT_EQ(error_of(import(material("rsa1024"))).kind, ErrorKind::invalid);
  const std::string why = refusal(material("rsa1024"));
  EXPECT_NE(why.find("too weak"), std::string::npos) << why;
}

TEST_F(Importing, KeepsNoKeyInTheClear) {
  const std::string arn = imported();
  const auto sealed = value_of(made.store->read([&](store::Reader& rows) {
    return store::find_imported_key(rows, named(arn).account, named(arn).id);
  }));
  const auto& key = material().private_key;
  ASSERT_TRUE(sealed);
  EXPECT_EQ(text_of(*sealed).find(text_of(key.reveal())), std::string_view::npos);
  EXPECT_FALSE(made.keys->open(*sealed, keys::Purpose::imported_certificate, arn + "0"));
  EXPECT_FALSE(made.keys->open(*sealed, keys::Purpose::code_signing, arn));
}

TEST_F(Importing, IsAuditedWithoutTheKey) {
  ImportCertificate call = material();
  call.tags = {{"team", "one"}};
  const std::string arn = value_of(import(std::move(call)));
  const std::string records = audited();
  EXPECT_NE(records.find(R"("eventSource":"acm.amazonaws.com","eventName":"ImportCertificate")"),
            std::string::npos)
      << records;
  EXPECT_NE(records.find(R"("responseElements":{"certificateArn":")" + arn), std::string::npos);
  EXPECT_NE(records.find(R"({"key":"team","value":"one"})"), std::string::npos);
  EXPECT_EQ(records.find("PRIVATE KEY"), std::string::npos);
}

TEST_F(Importing, KeepsTheTagsOfANewCertificate) {
  ImportCertificate call = material();
  call.tags = {{"team", "one"}};
  const std::string arn = value_of(import(std::move(call)));
  EXPECT_EQ(value_of(certificates.list_tags(permit(ListTagsForCertificate{named(arn)}))),
            (model::StringMap{{"team", "one"}}));
}

TEST_F(Importing, EndsAtTheMostThatAnAccountMayHave) {
  expect_done(made.store->write([&](store::Transaction& tx) -> Result<void> {
    for (std::size_t i = 0; i < certificates_per_account_max; ++i) {
      store::ImportedCertificate row{.account = access::test::account(),
                                     .id = Uuid::v7(made.clock.now(), made.random),
                                     .chain = {},
                                     .tags = {},
                                     .created_at = made.clock.now(),
                                     .imported_at = made.clock.now()};
      TRY(store::insert_imported_certificate(tx, row, Bytes{1}));
    }
    return {};
  }));
  const Error error = error_of(import(material()));
  EXPECT_EQ(error.kind, ErrorKind::limit_exceeded);
  EXPECT_EQ(error.reason, "LimitExceededException");
}

class Reimporting : public test::ImportedTest {
 protected:
  const std::string arn = imported();
};

TEST_F(Reimporting, KeepsTheArnAndReplacesTheRest) {
  const Timestamp first = made.clock.now();
  made.clock.advance(std::chrono::hours(1));
  EXPECT_EQ(value_of(replace(arn, material("renewed"))), arn);
  const CertificateFacts shown = facts(arn);
  EXPECT_EQ(shown.domain_name, "renewed");
  EXPECT_EQ(shown.created_at, first);
  EXPECT_EQ(shown.imported_at, made.clock.now());
}

TEST_F(Reimporting, SignsWithTheNewKey) {
  value_of(replace(arn, material("renewed")));
  const auto identity = value_of(certificates.identity_of_certificate(arn));
  EXPECT_EQ(identity->chain.front().common_name, "renewed");
}

TEST_F(Reimporting, RefusesAnotherKindOrSizeOfKey) {
  EXPECT_EQ(error_of(replace(arn, material("p384"))).message,
            "The key of a re-imported certificate must be of the same kind and size: "
            "EC_prime256v1, not EC_secp384r1.");
  EXPECT_FALSE(replace(imported("rsa2048"), material("rsa3072")));
}

TEST_F(Reimporting, RefusesToTakeUsesAway) {
  EXPECT_FALSE(replace(arn, material("tls")));
  EXPECT_FALSE(replace(arn, material("bare")));
  const std::string renewed = imported("renewed");
  EXPECT_FALSE(replace(renewed, material("signer")));
}

TEST_F(Reimporting, RefusesTags) {
  ImportCertificate call = material("renewed");
  call.tags = {{"team", "one"}};
  EXPECT_EQ(error_of(replace(arn, std::move(call))).reason, "InvalidParameterException");
}

TEST_F(Reimporting, NeedsACertificateThatIsThere) {
  std::string other = arn;
  other.back() = other.back() == '0' ? '1' : '0';
  EXPECT_EQ(error_of(replace(other, material("renewed"))).kind, ErrorKind::not_found);
}

TEST_F(Reimporting, IsRefusedWhenSomebodyElseWasFaster) {
  ImportCertificate call = material("renewed");
  call.replaced = named(arn);
  auto judged = permit(std::move(call));
  value_of(run(&ImportedCertificates::add_tags, AddTagsToCertificate{named(arn), {{"a", "1"}}}));
  std::promise<Result<std::string>> promise;
  auto answer = promise.get_future();
  certificates.import_certificate(std::move(judged), [&](Result<std::string> outcome) {
    promise.set_value(std::move(outcome));
  });
  EXPECT_EQ(error_of(answer.get()).kind, ErrorKind::unavailable);
}

class Imported : public test::ImportedTest {
 protected:
  Result<std::string> remove() {
    return run(&ImportedCertificates::delete_certificate, DeleteCertificate{named(arn)});
  }
  model::StringMap tags() {
    return value_of(certificates.list_tags(permit(ListTagsForCertificate{named(arn)})));
  }
  Result<std::string> add_tags(model::StringMap tags) {
    return run(&ImportedCertificates::add_tags, AddTagsToCertificate{named(arn), std::move(tags)});
  }

  const std::string arn = imported();
};

TEST_F(Imported, AnswersTheCertificateAndItsChainAsTheyWereGiven) {
  const auto pems = value_of(certificates.get(permit(GetCertificate{named(arn)})));
  EXPECT_EQ(pems.certificate, test::certificate_file("signer.pem"));
  EXPECT_EQ(pems.chain, test::certificate_file("signer.chain.pem"));
}

TEST_F(Imported, HasNoChainWhenItIsSelfSigned) {
  const auto pems = value_of(certificates.get(permit(GetCertificate{named(imported("rsa2048"))})));
  EXPECT_EQ(pems.chain, "");
}

TEST_F(Imported, IsExpiredWhenItsTimeIsOver) {
  const std::string briefly = imported("short");
  made.clock.set(facts(briefly).not_after);
  EXPECT_EQ(facts(briefly).status, CertificateStatus::expired);
  EXPECT_EQ(facts(arn).status, CertificateStatus::issued);
}

TEST_F(Imported, IsGoneWhenItIsDeleted) {
  EXPECT_TRUE(remove());
  EXPECT_EQ(error_of(certificates.describe(permit(DescribeCertificate{named(arn)}))).kind,
            ErrorKind::not_found);
  EXPECT_EQ(error_of(remove()).kind, ErrorKind::not_found);
  EXPECT_NE(audited().find(R"("eventName":"DeleteCertificate")"), std::string::npos);
}

TEST_F(Imported, IsNotDeletedWhileAProfileSignsWithIt) {
  add_profile("Firmware", arn);
  const Error error = error_of(remove());
  EXPECT_EQ(error.kind, ErrorKind::conflict);
  EXPECT_EQ(error.reason, "ResourceInUseException");
  const auto described = value_of(certificates.describe(permit(DescribeCertificate{named(arn)})));
  EXPECT_EQ(
      described.in_use_by,
      std::vector<std::string>{"arn:aws:signer:us-east-1:111122223333:/signing-profiles/Firmware"});
}

TEST_F(Imported, IsDeletedWhenItsProfilesHaveEnded) {
  add_profile("Canceled", arn, model::ProfileStatus::canceled);
  add_profile("Revoked", arn, model::ProfileStatus::revoked);
  EXPECT_TRUE(remove());
}

TEST_F(Imported, GetsAndLosesTags) {
  EXPECT_TRUE(add_tags({{"team", "one"}, {"stage", "test"}}));
  EXPECT_TRUE(add_tags({{"team", "two"}}));
  EXPECT_EQ(tags(), (model::StringMap{{"team", "two"}, {"stage", "test"}}));
  EXPECT_TRUE(run(
      &ImportedCertificates::remove_tags,
      RemoveTagsFromCertificate{named(arn), {{"team", "another"}, {"stage", {}}, {"absent", {}}}}));
  EXPECT_EQ(tags(), (model::StringMap{{"team", "two"}}));
}

TEST_F(Imported, HasFiftyTagsAtMost) {
  model::StringMap fifty;
  for (int i = 0; i < 50; ++i) fifty.emplace_back(fmt::format("k{}", i), "v");
  EXPECT_TRUE(add_tags(fifty));
  EXPECT_EQ(error_of(add_tags({{"one more", "v"}})).reason, "TooManyTagsException");
}

TEST_F(Imported, GivesAnIdentityThatSigns) {
  const auto identity = value_of(certificates.identity_of_certificate(arn));
  ASSERT_EQ(identity->chain.size(), 3u);
  const auto digest = crypto::sha256(bytes_of("firmware"));
  const auto algorithm = crypto::algorithm_of(identity->signer->kind());
  const auto signature = value_of(identity->signer->sign_digest(algorithm, digest));
  EXPECT_TRUE(value_of(
      crypto::verify_digest(algorithm, identity->chain.front().public_key, digest, signature)));
}

TEST_F(Imported, GivesAnIdentityOfRsa) {
  const auto identity = value_of(certificates.identity_of_certificate(imported("rsa2048")));
  EXPECT_EQ(identity->signer->kind(), crypto::KeyKind::rsa);
}

TEST_F(Imported, GivesNoIdentityWhenItHasExpiredOrGone) {
  const std::string briefly = imported("short");
  made.clock.set(facts(briefly).not_after);
  EXPECT_EQ(error_of(certificates.identity_of_certificate(briefly)).kind, ErrorKind::invalid);
  value_of(remove());
  EXPECT_EQ(error_of(certificates.identity_of_certificate(arn)).kind, ErrorKind::not_found);
  EXPECT_EQ(error_of(certificates.identity_of_certificate("arn")).kind, ErrorKind::not_found);
}

}  // namespace
}  // namespace hallmark::pki
