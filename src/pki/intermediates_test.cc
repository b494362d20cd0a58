#include "pki/intermediates.h"

#include <algorithm>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "base/file.h"
#include "pki/certificate_revocations.h"
#include "pki/certificate_rules.h"
#include "pki/test_imported.h"

namespace hallmark::pki {
namespace {

using hallmark::test::error_of;
using hallmark::test::expect_done;
using hallmark::test::value_of;
using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;

// An installation whose root's key is the test's, as an operator has it.
class IntermediatesTest : public test::ImportedTest {
 protected:
  template <class C>
  access::Permitted<C> as_operator(C call) {
    access::Principal who = *access::test::user({access::test::allow_everything});
    who.type = access::PrincipalType::machine_operator;
    return value_of(authorizer.permit(
        access::test::caller(std::make_shared<const access::Principal>(std::move(who))),
        std::move(call)));
  }
  IntermediateOrder request() {
    made.clock.advance(std::chrono::milliseconds(1));  // ids are ordered by it
    return value_of(intermediates.request(as_operator(RequestIntermediate{})));
  }
  crypto::Certificate sign(const IntermediateOrder& order) {
    return value_of(sign_intermediate(order, *made.root_key, made.clock.now(), made.random));
  }
  Result<crypto::Certificate> install(const crypto::Certificate& certificate) {
    return intermediates.install(as_operator(InstallIntermediate{crypto::to_pem({certificate})}));
  }
  crypto::Certificate renew() { return value_of(install(sign(request()))); }
  void revoke(const crypto::Certificate& certificate) {
    CertificateRevocations revocations(*made.store, *made.authority, made.clock, home);
    std::promise<Result<RevokedCertificate>> promise;
    revocations.revoke(
        as_operator(RevokeCertificate{.serial = certificate.serial_hex, .reason = "SUPERSEDED"}),
        [&](Result<RevokedCertificate> done) { promise.set_value(std::move(done)); });
    value_of(promise.get_future().get());
  }
  Result<std::shared_ptr<const SigningIdentity>> identity() {
    return made.authority->identity_for(access::test::account(),
                                        value_of(model::ProfileName::parse("Release")));
  }
  crypto::CertificateChain chain() { return value_of(identity())->chain; }
  Result<void> judge(const crypto::CertificateChain& judged, Timestamp time) {
    return crypto::verify_chain(judged, value_of(made.authority->roots()), time);
  }
  std::optional<Timestamp> until() {
    return value_of(made.store->read(
        [&](store::Reader& rows) { return issues_until(rows, made.clock.now()); }));
  }
  std::vector<std::string> states() {
    std::vector<std::string> all;
    for (const auto& each : value_of(intermediates.list(as_operator(ListAuthorities{})))) {
      all.emplace_back(name_of(each.state));
    }
    return all;
  }
  std::string refusal_of(const crypto::Certificate& certificate) {
    return error_of(install(certificate)).message;
  }
  // As somebody would make one who has the root's key, and no Hallmark.
  crypto::Certificate made_otherwise(const IntermediateOrder& order,
                                     crypto::CertificateRequest wanted) {
    const auto subject = name_of_intermediate(order.request.common_name);
    if (wanted.subject.common_name.empty()) wanted.subject = subject;
    wanted.public_key = order.request.public_key;
    return value_of(crypto::issue(wanted, order.root, *made.root_key, made.random));
  }
  Timestamp whole(Timestamp time) { return std::chrono::floor<std::chrono::seconds>(time); }

  Intermediates intermediates{{*made.store, *made.keys, *made.authority, made.clock, made.random},
                              home};
};

// The way of a new one.

TEST_F(IntermediatesTest, ANewOneIssuesFromTheMomentItIsInstalled) {
  const auto before = chain();
  const auto fresh = renew();
  EXPECT_EQ(chain()[1].der, fresh.der);
  EXPECT_NE(chain()[0].public_key, before[0].public_key);
  EXPECT_EQ(chain()[2].der, before[2].der);
  EXPECT_NE(fresh.subject, before[1].subject);
  EXPECT_TRUE(fresh.subject.starts_with("CN=Hallmark us-east-1 Code Signing CA G2"))
      << fresh.subject;
}

TEST_F(IntermediatesTest, WhatTheOldOneIssuedStaysTrusted) {
  const auto before = chain();
  const Timestamp signed_at = made.clock.now();
  renew();
  expect_done(judge(before, signed_at));
  expect_done(judge(chain(), made.clock.now()));
  made.clock.advance(days(365 * 4));
  expect_done(judge(before, signed_at));
}

TEST_F(IntermediatesTest, ItLivesFiveYearsFromAnHourAgo) {
  const auto fresh = renew();
  EXPECT_EQ(fresh.not_before, whole(made.clock.now() - hours(1)));
  EXPECT_EQ(fresh.not_after, plus_months(fresh.not_before, 60));
}

TEST_F(IntermediatesTest, OpensslAcceptsChainsOfBothAndReadsTheOrder) {
  const auto write = [&](std::string_view name, std::string_view content) {
    const auto path = made.folder.path() / name;
    expect_done(write_file_durably(path, bytes_of(content), 0600));
    return path.string();
  };
  const auto before = chain();
  const auto order = request();
  const auto said =
      hallmark::test::run("openssl req -verify -noout -in " + write("order.pem", to_pem(order)));
  EXPECT_EQ(said.status, 0) << said.output;
  value_of(install(sign(order)));
  for (const auto& judged : {before, chain()}) {
    const auto done = hallmark::test::run(
        fmt::format("openssl verify -x509_strict -attime {} -CAfile {} -untrusted {} {}",
                    unix_seconds(made.clock.now()), write("root.pem", crypto::to_pem({judged[2]})),
                    write("intermediate.pem", crypto::to_pem({judged[1]})),
                    write("leaf.pem", crypto::to_pem({judged[0]}))));
    EXPECT_EQ(done.status, 0) << done.output;
  }
}

TEST_F(IntermediatesTest, ItSurvivesARestart) {
  const auto fresh = renew();
  const auto leaf = chain()[0];
  made.reopen();
  EXPECT_EQ(chain()[1].der, fresh.der);
  EXPECT_EQ(chain()[0].der, leaf.der);
}

TEST_F(IntermediatesTest, TheOrderComesBackAsItWent) {
  const auto order = request();
  const auto back = value_of(intermediate_order_from_pem(to_pem(order)));
  EXPECT_EQ(back.request.der, order.request.der);
  EXPECT_EQ(back.root.der, order.root.der);
  EXPECT_FALSE(intermediate_order_from_pem(crypto::to_pem(order.request)));
  EXPECT_FALSE(intermediate_order_from_pem(crypto::to_pem({order.root})));
  EXPECT_FALSE(intermediate_order_from_pem(to_pem(order) + crypto::to_pem({order.root})));
}

TEST_F(IntermediatesTest, EachStepIsAudited) {
  renew();
  const std::string all = audited();
  EXPECT_NE(all.find(R"("eventName":"RequestIntermediate")"), std::string::npos) << all;
  EXPECT_NE(all.find(R"("eventName":"InstallIntermediate")"), std::string::npos) << all;
}

TEST_F(IntermediatesTest, OnlyOperatorsMayDoIt) {
  const auto refused = authorizer.permit(access::test::caller(), RequestIntermediate{});
  EXPECT_EQ(error_of(refused).kind, ErrorKind::denied);
}

// Requests.

TEST_F(IntermediatesTest, ARequestAloneChangesNothing) {
  const auto before = chain();
  request();
  made.reopen();
  EXPECT_EQ(chain()[0].der, before[0].der);
}

TEST_F(IntermediatesTest, ANewRequestForgetsTheOneBefore) {
  const auto first = request();
  const auto second = request();
  EXPECT_NE(first.request.public_key, second.request.public_key);
  EXPECT_NE(refusal_of(sign(first)).find("requested last"), std::string::npos);
  EXPECT_EQ(states(), (std::vector<std::string>{"TRUSTED", "ISSUING", "REQUESTED"}));
  value_of(install(sign(second)));
  EXPECT_EQ(states(), (std::vector<std::string>{"TRUSTED", "VALID", "ISSUING"}));
}

TEST_F(IntermediatesTest, ACertificateIsInstalledOnce) {
  const auto certificate = sign(request());
  value_of(install(certificate));
  EXPECT_NE(refusal_of(certificate), "");
}

// What the root's key does not sign.

TEST_F(IntermediatesTest, AnotherKeyThanTheRootsSignsNothing) {
  const auto order = request();
  const auto other =
      value_of(keys::file_keys(Secret(32), made.random)
                   ->create(keys::Purpose::root_certificate, crypto::KeyKind::p384, "other"));
  EXPECT_EQ(
      error_of(sign_intermediate(order, *other.signer, made.clock.now(), made.random)).message,
      "The key is not that of the root certificate in the request.");
}

TEST_F(IntermediatesTest, ARequestForAnotherNameIsNotSigned) {
  auto order = request();
  const auto key = value_of(
      made.keys->create(keys::Purpose::intermediate_certificate, crypto::KeyKind::p384, "another"));
  for (const auto& name : {name_of_root(home), crypto::DistinguishedName{.common_name = "Bank",
                                               .organization = "Bank of Elsewhere"}}) {
    order.request = value_of(crypto::request_certificate(name, *key.signer));
    EXPECT_NE(error_of(sign_intermediate(order, *made.root_key, made.clock.now(), made.random))
                  .message.find("a name that no intermediate has"),
              std::string::npos);
  }
}

TEST_F(IntermediatesTest, ARequestForAWeakerKeyOrTheRootsOwnIsNotSigned) {
  auto order = request();
  const auto weaker = value_of(
      made.keys->create(keys::Purpose::intermediate_certificate, crypto::KeyKind::p256, "weaker"));
  order.request =
      value_of(crypto::request_certificate(name_of_intermediate(home, 2), *weaker.signer));
  EXPECT_FALSE(sign_intermediate(order, *made.root_key, made.clock.now(), made.random));
  order.request =
      value_of(crypto::request_certificate(name_of_intermediate(home, 2), *made.root_key));
  EXPECT_FALSE(sign_intermediate(order, *made.root_key, made.clock.now(), made.random));
}

TEST_F(IntermediatesTest, ARootThatHasEndedSignsNothing) {
  const auto order = request();
  made.clock.set(order.root.not_after);
  EXPECT_FALSE(sign_intermediate(order, *made.root_key, made.clock.now(), made.random));
  made.clock.advance(-days(365));
  EXPECT_EQ(sign(order).not_after, order.root.not_after);
}

// What is not installed.

TEST_F(IntermediatesTest, ACertificateOfAnotherKeyIsNotInstalled) {
  request();
  EXPECT_NE(refusal_of(chain()[0]).find("requested last"), std::string::npos);
  EXPECT_NE(refusal_of(chain()[2]), "");
}

TEST_F(IntermediatesTest, OneOfAnotherRootIsNotInstalled) {
  auto order = request();
  test::TestAuthority elsewhere;
  order.root = value_of(elsewhere.authority->roots())[0];
  const auto made_elsewhere =
      value_of(sign_intermediate(order, *elsewhere.root_key, made.clock.now(), made.random));
  EXPECT_NE(refusal_of(made_elsewhere), "");  // the same name, and another key
}

TEST_F(IntermediatesTest, OneThatIsNotAsOursAreIsNotInstalled) {
  const auto order = request();
  const Timestamp now = whole(made.clock.now());
  using Shape = crypto::CertificateShape;
  EXPECT_NE(
      refusal_of(made_otherwise(order, {Shape::code_signing_leaf, {}, now, now + days(9), {}})),
      "");
  EXPECT_NE(refusal_of(made_otherwise(
                order, {Shape::intermediate, {.common_name = "Another"}, now, now + days(9), {}})),
            "");
  EXPECT_NE(refusal_of(made_otherwise(
                order, {Shape::intermediate, {}, now, order.root.not_after + days(1), {}})),
            "");
  EXPECT_NE(refusal_of(
                made_otherwise(order, {Shape::intermediate, {}, now - days(9), now - days(1), {}})),
            "");
  EXPECT_NE(refusal_of(
                made_otherwise(order, {Shape::intermediate, {}, now + days(1), now + days(9), {}})),
            "");
  value_of(install(made_otherwise(order, {Shape::intermediate, {}, now, now + days(9), {}})));
}

TEST_F(IntermediatesTest, OneThatWouldNotIssueBecauseThePresentOneIsNewerIsNotInstalled) {
  made.clock.advance(hours(3));
  const auto present = renew();
  const auto order = request();
  const auto older = value_of(
      sign_intermediate(order, *made.root_key, made.clock.now() - minutes(30), made.random));
  EXPECT_NE(refusal_of(older).find("go on issuing"), std::string::npos) << refusal_of(older);
  EXPECT_EQ(chain()[1].der, present.der);
  const auto newer = sign(order);  // the request is there still
  value_of(install(newer));
  EXPECT_EQ(chain()[1].der, newer.der);
}

TEST_F(IntermediatesTest, BesideARevokedOneAnOlderOneMayBeInstalled) {
  made.clock.advance(hours(3));
  revoke(renew());
  const auto order = request();
  const auto older = value_of(
      sign_intermediate(order, *made.root_key, made.clock.now() - minutes(30), made.random));
  value_of(install(older));
  EXPECT_EQ(chain()[1].der, older.der);
}

TEST_F(IntermediatesTest, WhatIsNoCertificateOrTwoIsNotInstalled) {
  const auto certificate = sign(request());
  for (const std::string& pem :
       {std::string("nonsense"), crypto::to_pem({certificate, chain()[2]}), std::string()}) {
    EXPECT_EQ(error_of(intermediates.install(as_operator(InstallIntermediate{pem}))).kind,
              ErrorKind::invalid);
  }
}

// In one step.

TEST_F(IntermediatesTest, WhereTheRootsKeyIsNotKeptItIsAskedFor) {
  EXPECT_NE(error_of(intermediates.renew(as_operator(RenewIntermediate{}))).message.find("--root"),
            std::string::npos);
}

// The end of one.

TEST_F(IntermediatesTest, ALeafNeverOutlivesIt) {
  const auto first = chain();
  made.clock.set(first[1].not_after - days(3));
  EXPECT_EQ(chain()[0].not_after, first[1].not_after);
}

TEST_F(IntermediatesTest, ItsLastLeafSignsToTheEndAndNoneFollows) {
  made.clock.set(chain()[1].not_after - days(3));
  const auto last = chain();
  made.clock.set(last[1].not_after - minutes(1));
  EXPECT_EQ(chain()[0].der, last[0].der);
  expect_done(judge(last, made.clock.now()));
  made.clock.advance(minutes(1));
  const auto refused = identity();
  EXPECT_EQ(error_of(refused).kind, ErrorKind::unavailable);
  EXPECT_NE(error_of(refused).message.find("hallmark authority renew"), std::string::npos);
  EXPECT_EQ(states().back(), "EXPIRED");
  EXPECT_EQ(until(), std::nullopt);
}

TEST_F(IntermediatesTest, AfterItsEndARenewalBringsSigningBack) {
  const auto first = chain();
  const Timestamp signed_at = made.clock.now();
  made.clock.set(first[1].not_after + days(30));
  ASSERT_FALSE(identity());
  const auto fresh = renew();
  EXPECT_EQ(chain()[1].der, fresh.der);
  EXPECT_EQ(until(), fresh.not_after);
  expect_done(judge(first, signed_at));
}

TEST_F(IntermediatesTest, TheKeyOfAnOldOneGoesAfterItsEndAndThatOfTheNewestStays) {
  const auto first = chain();
  const auto kept = [&] {
    const auto rows = value_of(made.store->read([](store::Reader& reader) {
      return store::list_certificates(reader, store::CertificateRole::intermediate);
    }));
    return std::ranges::count_if(rows, [](const auto& row) { return !row.sealed_key.empty(); });
  };
  made.clock.set(first[1].not_after - days(9));
  renew();
  chain();
  EXPECT_EQ(kept(), 2);
  made.clock.advance(days(10));
  chain();
  EXPECT_EQ(kept(), 1);
  made.reopen();
  chain();
}

TEST_F(IntermediatesTest, OneThatWasRevokedIssuesNothingUntilARenewal) {
  revoke(chain()[1]);
  const auto refused = identity();
  EXPECT_EQ(error_of(refused).kind, ErrorKind::denied);
  EXPECT_NE(error_of(refused).message.find("hallmark authority renew"), std::string::npos);
  const auto fresh = renew();
  EXPECT_EQ(chain()[1].der, fresh.der);
  EXPECT_EQ(states(), (std::vector<std::string>{"TRUSTED", "REVOKED", "ISSUING"}));
}

TEST_F(IntermediatesTest, WhenTheNewestIsRevokedTheOneBeforeIssues) {
  const auto old = chain()[1];
  made.clock.advance(days(1));
  const auto fresh = renew();
  revoke(fresh);
  EXPECT_EQ(chain()[1].der, old.der);
  EXPECT_EQ(states(), (std::vector<std::string>{"TRUSTED", "ISSUING", "REVOKED"}));
}

TEST_F(IntermediatesTest, ALeafOfAnOldOneCanBeRevoked) {
  const auto old = chain();
  renew();
  revoke(old[0]);
  EXPECT_TRUE(value_of(made.store->read([&](store::Reader& rows) {
    return store::find_certificate_revocation(rows, crypto::tbs_sha384_hex(old[0]));
  })));
}

// The clock.

TEST_F(IntermediatesTest, AClockThatGoesBackTwoHoursSignsWithNothingOfTheFuture) {
  made.clock.advance(days(30));
  renew();
  chain();
  made.clock.advance(-hours(2));
  const auto now = chain();
  for (const auto& certificate : now) EXPECT_LE(certificate.not_before, made.clock.now());
  expect_done(judge(now, made.clock.now()));
  EXPECT_EQ(states(), (std::vector<std::string>{"TRUSTED", "ISSUING", "NOT_YET_VALID"}));
}

TEST_F(IntermediatesTest, BeforeTheFirstOneIsValidNothingIsSigned) {
  made.clock.advance(-hours(2));
  EXPECT_EQ(error_of(identity()).kind, ErrorKind::unavailable);
  made.clock.advance(hours(2));
  chain();
}

TEST_F(IntermediatesTest, ALeapDayMakesNoOneLongerOrShorter) {
  made.clock.set(value_of(from_rfc3339("2028-02-29T00:30:00Z")));
  const auto before_midnight = renew();
  EXPECT_EQ(to_rfc3339(before_midnight.not_after).substr(0, 10), "2033-02-28");
  made.clock.set(value_of(from_rfc3339("2028-02-29T23:59:59Z")));
  const auto on_the_day = renew();
  EXPECT_EQ(to_rfc3339(on_the_day.not_after).substr(0, 10), "2033-02-28");
  expect_done(judge(chain(), made.clock.now()));
}

}  // namespace
}  // namespace hallmark::pki
