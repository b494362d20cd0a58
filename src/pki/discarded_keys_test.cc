// That keys which nobody uses any more leave their token.

#include <utility>

#include "keys/custody.h"
#include "keys/test_token.h"
#include "pki/intermediates.h"
#include "pki/retired_keys.h"
#include "pki/test_imported.h"
#include "store/driver.h"

namespace hallmark::pki {
namespace {

using hallmark::test::error_of;
using hallmark::test::expect_done;
using hallmark::test::value_of;
using test::material;

class DiscardedKeys : public test::ImportedTest {
 protected:
  void SetUp() override {
    if (!token_.usable()) GTEST_SKIP() << "there is no SoftHSM";
    std::vector<Secret> sealing;
    sealing.emplace_back(32);
    sealer_ = std::make_unique<keys::Sealer>(sealing, made.random);
    custody_ = std::make_unique<keys::Custody>(value_of(keys::Custody::create({token_.uri(), {}})));
    keys_ = custody_->provider(*sealer_);
    in_token_ =
        std::make_unique<ImportedCertificates>(*made.store, *keys_, made.clock, made.random, home);
    tested = in_token_.get();
  }
  // How many private keys the token has once what is unused is gone.
  std::size_t keys_left() {
    // What was queued before is written by then.
    expect_done(made.store->write([](store::Transaction&) -> Result<void> { return {}; }));
    expect_done(destroy_discarded_keys(*made.store, *keys_));
    return keys_in_token();
  }
  void run_sql(store::Sql sql) {
    expect_done(made.store->write([&](store::Transaction& tx) -> Result<void> {
      TRY(store::execute(tx, sql));
      return {};
    }));
  }
  std::size_t keys_in_token() {
    const std::string listed = token_.pkcs11_tool("--list-objects --type privkey").output;
    std::size_t count = 0;
    for (std::size_t at = 0; (at = listed.find("Private Key Object", at)) != listed.npos; ++at) {
      ++count;
    }
    return count;
  }

  keys::test::TestToken token_;
  std::unique_ptr<keys::Sealer> sealer_;
  std::unique_ptr<keys::Custody> custody_;
  std::unique_ptr<keys::KeyProvider> keys_;
  std::unique_ptr<ImportedCertificates> in_token_;
};

TEST_F(DiscardedKeys, OfADeletedCertificateAreDestroyed) {
  const std::string arn = value_of(import(material()));
  EXPECT_EQ(keys_left(), 1u);
  value_of(run(&ImportedCertificates::delete_certificate, DeleteCertificate{named(arn)}));
  EXPECT_EQ(keys_left(), 0u);
}

TEST_F(DiscardedKeys, OfAReplacedCertificateAreDestroyedAndTheNewOneStays) {
  const std::string arn = value_of(import(material()));
  value_of(replace(arn, material()));
  EXPECT_EQ(keys_left(), 1u);
  EXPECT_TRUE(in_token_->identity_of_certificate(arn));
}

TEST_F(DiscardedKeys, OfARefusedImportAreDestroyed) {
  const std::string arn = value_of(import(material()));
  EXPECT_FALSE(replace(arn, material("tls")));
  EXPECT_EQ(keys_left(), 1u);
  EXPECT_TRUE(in_token_->identity_of_certificate(arn));
}

TEST_F(DiscardedKeys, OfAnImportWhoseCertificateIsAnotherKeysAreDestroyed) {
  EXPECT_FALSE(import(material("signer", "tls")));
  EXPECT_EQ(keys_left(), 0u);
}

TEST_F(DiscardedKeys, OfAnImportThatIsJudgedAgainAreDestroyed) {
  const std::string arn = value_of(import(material()));
  ImportCertificate call = material();
  call.replaced = named(arn);
  auto judged = permit(std::move(call));
  value_of(replace(arn, material()));
  std::promise<Result<std::string>> promise;
  in_token_->import_certificate(std::move(judged), [&](Result<std::string> outcome) {
    promise.set_value(std::move(outcome));
  });
  EXPECT_EQ(error_of(promise.get_future().get()).kind, ErrorKind::unavailable);
  EXPECT_EQ(keys_left(), 1u);
  EXPECT_TRUE(in_token_->identity_of_certificate(arn));
}

TEST_F(DiscardedKeys, OneThatDoesNotOpenIsKeptAndHoldsUpNoOther) {
  expect_done(made.store->write([](store::Transaction& tx) {
    Uuid first;
    first.bytes.back() = 1;  // before all others
    return store::insert_discarded_key(tx, {first, "arn:broken", {1, 2, 3}});
  }));
  const std::string arn = value_of(import(material()));
  value_of(run(&ImportedCertificates::delete_certificate, DeleteCertificate{named(arn)}));
  EXPECT_EQ(keys_left(), 0u);
  const auto left = value_of(made.store->read(
      [](store::Reader& rows) { return store::list_discarded_keys(rows, {}, 10); }));
  ASSERT_EQ(left.size(), 1u);
  EXPECT_EQ(left[0].arn, "arn:broken");
}

// An authority whose keys are in the token.
class UnusedLeafKeys : public DiscardedKeys {
 protected:
  void SetUp() override {
    DiscardedKeys::SetUp();
    if (IsSkipped()) return;
    made.store = value_of(store::open_sqlite(made.folder.path() / "token.db", audit::link));
    authority_ =
        std::make_unique<Authority>(*made.store, *keys_, made.clock, made.random, made.home);
    expect_done(authority_->create({Uuid::v7(made.clock.now(), made.random), *made.root_key, {}}));
  }
  bool issues(std::string_view profile = "Release") {
    return authority_
        ->identity_for(access::test::account(), value_of(model::ProfileName::parse(profile)))
        .has_value();
  }
  // Of leaves that expired, the first to go: nothing opens them.
  void add_broken_keys(std::size_t count) {
    store::CertificateRow row;
    row.role = store::CertificateRole::leaf;
    row.key_algorithm = "ECDSA_P384_SHA384";
    row.sealed_key = {1, 2, 3};
    row.der = {1};
    row.not_before = row.not_after = made.clock.now() - std::chrono::hours(48);
    expect_done(made.store->write([&](store::Transaction& tx) -> Result<void> {
      for (std::size_t i = 0; i < count; ++i) {
        row.id = Uuid::v7(row.not_after, made.random);
        TRY(store::insert_certificate(tx, row));
      }
      return {};
    }));
  }
  static constexpr store::Sql refuse =
      "CREATE TRIGGER refuse BEFORE INSERT ON certificates BEGIN SELECT RAISE(ABORT, 'no'); END";

  std::unique_ptr<Authority> authority_;
};

TEST_F(UnusedLeafKeys, LeaveTheTokenWhenTheirCertificateCannotBeWritten) {
  ASSERT_EQ(keys_in_token(), 1u);  // the intermediate's
  run_sql(refuse);
  EXPECT_FALSE(issues());
  EXPECT_FALSE(authority_->audit_identity());
  EXPECT_EQ(keys_in_token(), 1u);
  run_sql("DROP TRIGGER refuse");
  EXPECT_TRUE(issues());
  EXPECT_EQ(keys_in_token(), 2u);
}

// The root's own certificate is signed, and the intermediate's is not.
class SignsOnce final : public crypto::Signer {
 public:
  explicit SignsOnce(const crypto::Signer& real) : real_(real) {}
  crypto::KeyKind kind() const override { return real_.kind(); }
  ByteView public_key() const override { return real_.public_key(); }
  Result<Bytes> sign_digest(crypto::SignatureAlgorithm algorithm, ByteView digest) const override {
    if (std::exchange(has_signed_, true)) return unavailable("the root's key is away");
    return real_.sign_digest(algorithm, digest);
  }

 private:
  const crypto::Signer& real_;
  mutable bool has_signed_ = false;
};

TEST_F(UnusedLeafKeys, OfAnAuthorityThatCannotBeSignedLeaveItToo) {
  const SignsOnce root(*made.root_key);
  Authority other(*made.store, *keys_, made.clock, made.random, made.home);
  EXPECT_FALSE(other.create({Uuid::v7(made.clock.now(), made.random), root, {}}));
  EXPECT_EQ(keys_in_token(), 1u);
}

TEST_F(UnusedLeafKeys, OfAnAuthorityThatCannotBeWrittenLeaveItToo) {
  run_sql(refuse);
  Authority other(*made.store, *keys_, made.clock, made.random, made.home);
  EXPECT_FALSE(other.create({Uuid::v7(made.clock.now(), made.random), *made.root_key, {}}));
  EXPECT_EQ(keys_in_token(), 1u);
}

TEST_F(UnusedLeafKeys, OfExpiredLeavesGoThoughManyOthersDoNotOpen) {
  ASSERT_TRUE(issues());
  add_broken_keys(keys_retired_max + 1);
  made.clock.advance(std::chrono::hours(24 * 8));
  ASSERT_TRUE(issues());
  EXPECT_EQ(keys_in_token(), 2u);  // the intermediate's and the new leaf's
}

TEST_F(UnusedLeafKeys, OfARequestForAnIntermediateLeaveItToo) {
  Intermediates intermediates({*made.store, *keys_, *authority_, made.clock, made.random}, home);
  access::Principal who = *access::test::user({access::test::allow_everything});
  who.type = access::PrincipalType::machine_operator;
  const access::Authorizer here(*made.store, owners, home);
  const auto permitted = value_of(
      here.permit(access::test::caller(std::make_shared<const access::Principal>(std::move(who))),
                  RequestIntermediate{}));
  run_sql(refuse);
  EXPECT_FALSE(intermediates.request(permitted));
  EXPECT_EQ(keys_in_token(), 1u);
}

TEST_F(UnusedLeafKeys, StayWhereTheRowIsThereAfterAll) {
  ASSERT_TRUE(issues());
  const auto row = value_of(made.store->read([](store::Reader& rows) {
    return store::find_newest_leaf(rows, access::test::account(),
                                   value_of(model::ProfileName::parse("Release")));
  }));
  destroy_unused_key(*made.store, *keys_, {row->id, keys::Purpose::code_signing, row->sealed_key});
  EXPECT_EQ(keys_in_token(), 2u);
}

}  // namespace
}  // namespace hallmark::pki
