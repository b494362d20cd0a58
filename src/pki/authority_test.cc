#include "pki/authority.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <thread>

#include <fmt/format.h>

#include "base/file.h"
#include "crypto/digest.h"
#include "pki/test_authority.h"
#include "store/sealing.h"

namespace hallmark::pki {
namespace {

using hallmark::test::error_of;
using std::chrono::days;
using std::chrono::hours;
using test::expect_done;
using test::value_of;

constexpr auto two_thirds = hours(7 * 24) * 2 / 3;  // of a leaf's life

class AuthorityTest : public testing::Test {
 protected:
  std::shared_ptr<const SigningIdentity> identity(std::string_view profile = "Release",
                                                  std::string_view account = "111122223333") {
    return value_of(made_.authority->identity_for(value_of(model::AccountId::parse(account)),
                                                  value_of(model::ProfileName::parse(profile))));
  }
  std::size_t leaves() {
    return value_of(made_.store->read([](store::Reader& reader) {
             return store::list_certificates(reader, store::CertificateRole::leaf);
           }))
        .size();
  }
  Result<void> judge(const crypto::CertificateChain& chain, Timestamp time) {
    return crypto::verify_chain(chain, value_of(made_.authority->roots()), time);
  }
  // Writes a certificate and returns its path.
  std::string pem(std::string_view name, const crypto::Certificate& certificate) {
    const auto path = made_.folder.path() / name;
    expect_done(write_file_durably(path, bytes_of(crypto::to_pem({certificate})), 0600));
    return path.string();
  }
  std::string openssl_text(const crypto::Certificate& certificate) {
    return hallmark::test::run("openssl x509 -noout -text -in " + pem("one.pem", certificate))
        .output;
  }

  test::TestAuthority made_;
};

bool has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

// The chain, as a stranger sees it.

TEST_F(AuthorityTest, OpensslAcceptsTheChain) {
  const auto chain = identity()->chain;
  ASSERT_EQ(chain.size(), 3u);
  const auto done = hallmark::test::run(
      fmt::format("openssl verify -x509_strict -attime {} -CAfile {} -untrusted {} {}",
                  unix_seconds(made_.clock.now()), pem("root.pem", chain[2]),
                  pem("intermediate.pem", chain[1]), pem("leaf.pem", chain[0])));
  EXPECT_EQ(done.status, 0) << done.output;
}

TEST_F(AuthorityTest, TheLeafMaySignCodeAndNothingElse) {
  const std::string text = openssl_text(identity()->chain[0]);
  EXPECT_TRUE(has(text, "Code Signing")) << text;
  EXPECT_TRUE(has(text, "CA:FALSE")) << text;
  EXPECT_TRUE(has(text, "Digital Signature")) << text;
  EXPECT_FALSE(has(text, "Certificate Sign")) << text;
}

TEST_F(AuthorityTest, TheIntermediateMakesNoFurtherAuthorities) {
  EXPECT_TRUE(has(openssl_text(identity()->chain[1]), "CA:TRUE, pathlen:0"));
}

TEST_F(AuthorityTest, TheLeafIsNamedAfterItsProfileAndAccount) {
  const std::string& subject = identity()->chain[0].subject;
  EXPECT_TRUE(has(subject, "CN=Release")) << subject;
  EXPECT_TRUE(has(subject, "OU=111122223333")) << subject;
}

TEST_F(AuthorityTest, TheAuthoritiesAreNamedAfterTheRegion) {
  const auto chain = identity()->chain;
  EXPECT_TRUE(has(chain[2].subject, "CN=Hallmark us-east-1 Root CA G1")) << chain[2].subject;
  EXPECT_TRUE(has(chain[1].subject, "CN=Hallmark us-east-1 Code Signing CA G1"));
}

TEST_F(AuthorityTest, TheKeyFitsTheLeaf) {
  const auto found = identity();
  EXPECT_TRUE(std::ranges::equal(found->signer->public_key(), found->chain[0].public_key));
  const auto digest = crypto::sha384(bytes_of("payload"));
  const Bytes signature =
      value_of(found->signer->sign_digest(crypto::SignatureAlgorithm::ecdsa_sha384, digest));
  EXPECT_TRUE(value_of(crypto::verify_digest(crypto::SignatureAlgorithm::ecdsa_sha384,
                                             found->chain[0].public_key, digest, signature)));
}

TEST_F(AuthorityTest, TheRootIsAmongTheRoots) {
  const auto roots = value_of(made_.authority->roots());
  ASSERT_EQ(roots.size(), 1u);
  EXPECT_EQ(roots[0].der, identity()->chain[2].der);
}

// A leaf's life.

TEST_F(AuthorityTest, ALeafLivesSevenDaysFromAnHourAgo) {
  const crypto::Certificate leaf = identity()->chain[0];
  EXPECT_EQ(leaf.not_after - leaf.not_before, days(7));
  EXPECT_EQ(unix_seconds(leaf.not_before), unix_seconds(made_.clock.now() - hours(1)));
}

TEST_F(AuthorityTest, ALeafIsKeptForTwoThirdsOfItsTime) {
  const auto first = identity();
  made_.clock.set(first->chain[0].not_before + two_thirds - std::chrono::milliseconds(1));
  EXPECT_EQ(identity()->chain[0].der, first->chain[0].der);
}

TEST_F(AuthorityTest, TheKeyOfALeafGoesWhenTheLeafHasExpiredAndAnotherIsIssued) {
  const auto kept = [&] {
    return value_of(made_.store->read(
        [](store::Reader& rows) { return store::list_sealed_certificates(rows, {}, 10); }));
  };
  identity();
  made_.clock.advance(std::chrono::days(5));
  identity();
  EXPECT_EQ(kept().size(), 3u);  // two leaves' and the intermediate's
  made_.clock.advance(std::chrono::days(5));
  identity();
  EXPECT_EQ(kept().size(), 3u);
}

TEST_F(AuthorityTest, ALeafIsReplacedWithANewKeyAfterTwoThirdsOfItsTime) {
  const auto first = identity();
  made_.clock.set(first->chain[0].not_before + two_thirds);
  const auto second = identity();
  EXPECT_NE(second->chain[0].der, first->chain[0].der);
  EXPECT_NE(second->chain[0].public_key, first->chain[0].public_key);
  EXPECT_NE(second->chain[0].serial_hex, first->chain[0].serial_hex);
  EXPECT_EQ(second->chain[1].der, first->chain[1].der);
}

TEST_F(AuthorityTest, ALeafOfTheFutureIsNotUsed) {
  made_.clock.advance(days(1));
  const auto first = identity();
  made_.clock.advance(-hours(2));
  EXPECT_NE(identity()->chain[0].der, first->chain[0].der);
}

TEST_F(AuthorityTest, AnExpiredLeafsChainStaysValidAtItsSigningTime) {
  const auto first = identity();
  const Timestamp signed_at = made_.clock.now();
  made_.clock.advance(days(365));
  EXPECT_NE(identity()->chain[0].der, first->chain[0].der);
  expect_done(judge(first->chain, signed_at));
  EXPECT_FALSE(judge(first->chain, made_.clock.now()));
}

TEST_F(AuthorityTest, EachProfileHasALeafOfItsOwn) {
  const auto one = identity("Release");
  EXPECT_NE(identity("Nightly")->chain[0].public_key, one->chain[0].public_key);
  EXPECT_NE(identity("Release", "999999999999")->chain[0].public_key, one->chain[0].public_key);
}

TEST_F(AuthorityTest, ALeafIsIssuedOnceHoweverManyAskAtOnce) {
  std::vector<std::string> serials(8);
  {
    std::vector<std::jthread> threads;
    for (auto& serial : serials) {
      threads.emplace_back([&] { serial = identity()->chain[0].serial_hex; });
    }
  }
  EXPECT_EQ(std::ranges::count(serials, serials[0]), 8);
  EXPECT_EQ(leaves(), 1u);
}

TEST_F(AuthorityTest, ALeafAndItsKeySurviveAReopening) {
  const auto first = identity();
  made_.reopen();
  const auto second = identity();
  EXPECT_EQ(second->chain[0].der, first->chain[0].der);
  EXPECT_TRUE(std::ranges::equal(second->signer->public_key(), first->signer->public_key()));
  EXPECT_EQ(leaves(), 1u);
}

TEST_F(AuthorityTest, EveryCertificateHasItsAuditRecord) {
  identity();
  const auto rows = value_of(
      made_.store->read([](store::Reader& reader) { return store::list_audit(reader, 0, 10); }));
  ASSERT_EQ(rows.size(), 3u);
  EXPECT_TRUE(has(rows[0].body, R"("eventName":"CreateRootCertificate")"));
  EXPECT_TRUE(has(rows[1].body, R"("eventName":"CreateIntermediateCertificate")"));
  EXPECT_TRUE(has(rows[2].body, R"("eventName":"IssueSigningCertificate")"));
  EXPECT_TRUE(has(rows[2].body, identity()->chain[0].serial_hex));
}

// Faults.

// The key of the audit log.

TEST_F(AuthorityTest, TheAuditLogHasAKeyOfItsOwnThatSignsNoCode) {
  const auto audit = value_of(made_.authority->audit_identity());
  const auto& chain = audit.identity->chain;
  const auto roots = value_of(made_.authority->roots());
  expect_done(crypto::verify_audit_chain(chain, roots, made_.clock.now()));
  EXPECT_FALSE(judge(chain, made_.clock.now()));
  EXPECT_FALSE(crypto::verify_audit_chain(identity()->chain, roots, made_.clock.now()));
  EXPECT_EQ(chain.front().common_name, "Hallmark audit");
  EXPECT_FALSE(has(openssl_text(chain.front()), "Code Signing\n"));
}

TEST_F(AuthorityTest, TheKeyOfTheAuditLogIsKeptForTwoThirdsOfAYear) {
  const auto first = value_of(made_.authority->audit_identity());
  made_.clock.advance(days(240));
  made_.reopen();
  EXPECT_EQ(value_of(made_.authority->audit_identity()).certificate, first.certificate);
  made_.clock.advance(days(10));
  EXPECT_NE(value_of(made_.authority->audit_identity()).certificate, first.certificate);
}

TEST_F(AuthorityTest, AStoreWithoutAnAuthorityIssuesNothing) {
  const auto empty = value_of(store::open_sqlite(made_.folder.path() / "empty.db", audit::link));
  Authority authority(*empty, *made_.keys, made_.clock, made_.random, made_.home);
  EXPECT_EQ(error_of(authority.identity_for(value_of(model::AccountId::parse("111122223333")),
                                            value_of(model::ProfileName::parse("Release"))))
                .kind,
            ErrorKind::internal);
  EXPECT_TRUE(value_of(authority.roots()).empty());
}

TEST_F(AuthorityTest, AnotherMasterKeyOpensNoKey) {
  identity();
  Secret other(32);
  other.fill()[0] = 1;
  made_.keys = keys::file_keys(std::move(other), made_.random);
  made_.reopen();
  EXPECT_FALSE(made_.authority->identity_for(value_of(model::AccountId::parse("111122223333")),
                                             value_of(model::ProfileName::parse("Release"))));
}

TEST_F(AuthorityTest, ALeafThatCouldNotBeRecordedIsNotUsed) {
  made_.store->close();
  EXPECT_FALSE(made_.authority->identity_for(value_of(model::AccountId::parse("111122223333")),
                                             value_of(model::ProfileName::parse("Release"))));
}

}  // namespace
}  // namespace hallmark::pki
