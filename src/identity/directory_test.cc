#include "identity/directory.h"

#include <gtest/gtest.h>

#include <cctype>

#include "identity/test_directory.h"
#include "policy/evaluation.h"

namespace hallmark::identity {
namespace {

using hallmark::test::error_of;
using hallmark::test::expect_done;
using hallmark::test::value_of;
using test::TestDirectory;
using test::TestSealer;

class DirectoryTest : public testing::Test {
 protected:
  TestDirectory made_;
  store::Store* const store_ = made_.store.get();
  Directory& directory_ = made_.directory;
  TestSealer& sealer_ = made_.sealer;
  const NewAccessKey& admin_ = made_.admin;

  store::AccessKeyRow admin_row() {
    return *value_of(store_->read(
        [&](store::Reader& reader) { return store::find_access_key(reader, admin_.id); }));
  }
  // A further key of the admin.
  void add_key(std::string_view id, bool active) {
    store::AccessKeyRow row = admin_row();
    row.id = id;
    row.active = active;
    row.secret_sealed = sealer_.seal(bytes_of("secret"), "access-key/" + row.id);
    expect_done(
        store_->write([&](store::Transaction& tx) { return store::insert_access_key(tx, row); }));
  }
  void put_policy(std::string_view document) {
    const Uuid principal = admin_row().principal;
    expect_done(store_->write([&](store::Transaction& tx) {
      return store::put_policy(tx, {principal, "allow-everything", std::string(document)});
    }));
  }
  bool may_do_everything(const Credential& credential) {
    const policy::Question question{.action = "signer:Anything",
                                    .resource = "*",
                                    .principal_arn = credential.principal->arn,
                                    .principal_account = made_.account.view(),
                                    .context = {}};
    return policy::evaluate_identity(credential.principal->policies, question).is_allowed();
  }
};

TEST_F(DirectoryTest, ANewAccessKeyLooksLikeOneOfAws) {
  EXPECT_EQ(admin_.id.size(), 20u);
  EXPECT_TRUE(admin_.id.starts_with("AKIA"));
  EXPECT_EQ(admin_.secret.size(), 40u);
}

TEST_F(DirectoryTest, ANewKeyIsFoundWithItsSecretAndItsOwner) {
  const auto found = value_of(directory_.find(admin_.id));
  EXPECT_EQ(found->access_key_id, admin_.id);
  EXPECT_TRUE(found->secret_access_key == admin_.secret);
  EXPECT_EQ(found->principal->arn, "arn:aws:iam::111122223333:user/admin");
  EXPECT_EQ(found->principal->name, "admin");
  EXPECT_EQ(found->principal->type, access::PrincipalType::user);
  EXPECT_TRUE(found->principal->unique_id.starts_with("AIDA"));
}

TEST_F(DirectoryTest, TheArnNamesThePartition) {
  Directory elsewhere(*store_, sealer_, made_.clock, made_.random, {"aws-cn", "cn-north-1"});
  EXPECT_EQ(value_of(elsewhere.find(admin_.id))->principal->arn,
            "arn:aws-cn:iam::111122223333:user/admin");
}

TEST_F(DirectoryTest, TheAdminsPolicyAllowsEverything) {
  EXPECT_TRUE(may_do_everything(*value_of(directory_.find(admin_.id))));
}

TEST_F(DirectoryTest, TheRootMayDoEverythingWithoutAPolicy) {
  const auto root = *value_of(store_->read([&](store::Reader& reader) {
    return store::find_principal_by_name(reader, made_.account, store::PrincipalKind::root, "");
  }));
  expect_done(store_->write([&](store::Transaction& tx) {
    return store::insert_access_key(
        tx, {.id = "AKIAOFTHEROOT",
             .principal = root.id,
             .secret_sealed = sealer_.seal(bytes_of("secret"), "access-key/AKIAOFTHEROOT"),
             .active = true,
             .created_at = made_.clock.now()});
  }));
  const auto found = value_of(directory_.find("AKIAOFTHEROOT"));
  EXPECT_EQ(found->principal->type, access::PrincipalType::root);
  EXPECT_EQ(found->principal->arn, "arn:aws:iam::111122223333:root");
  EXPECT_EQ(found->principal->unique_id, made_.account.text());
  EXPECT_TRUE(may_do_everything(*found));
}

TEST_F(DirectoryTest, TheSecretIsNotInTheStore) {
  const Bytes sealed = admin_row().secret_sealed;
  EXPECT_EQ(text_of(sealed).find(text_of(admin_.secret.reveal())), std::string_view::npos);
}

TEST_F(DirectoryTest, AnUnknownKeyIsUnknown) {
  const Error error = error_of(directory_.find("AKIANOBODYNOBODYNOBO"));
  EXPECT_EQ(error.kind, ErrorKind::unknown_access_key);
  EXPECT_EQ(error.message, "The security token included in the request is invalid.");
}

TEST_F(DirectoryTest, OddKeyIdsAreUnknown) {
  for (const std::string& id : {std::string(), std::string("' OR 1=1 --"), std::string("A\0B", 3),
                                std::string(100'000, 'A'), std::string("\xff\xfe")}) {
    EXPECT_EQ(error_of(directory_.find(id)).kind, ErrorKind::unknown_access_key);
  }
}

TEST_F(DirectoryTest, KeyIdsDifferByCase) {
  std::string lower = admin_.id;
  for (char& c : lower) c = char(std::tolower(c));
  EXPECT_EQ(error_of(directory_.find(lower)).kind, ErrorKind::unknown_access_key);
}

TEST_F(DirectoryTest, ADisabledKeyIsLikeAnUnknownOne) {
  add_key("AKIADISABLED", false);
  const Error disabled = error_of(directory_.find("AKIADISABLED"));
  const Error unknown = error_of(directory_.find("AKIANOBODY"));
  EXPECT_EQ(disabled.kind, unknown.kind);
  EXPECT_EQ(disabled.message, unknown.message);
}

TEST_F(DirectoryTest, ASecretSealedForAnotherKeyIsNotOpened) {
  store::AccessKeyRow row = admin_row();
  row.id = "AKIASWAPPED";
  expect_done(
      store_->write([&](store::Transaction& tx) { return store::insert_access_key(tx, row); }));
  EXPECT_FALSE(directory_.find("AKIASWAPPED"));
}

TEST_F(DirectoryTest, ABrokenPolicyMakesItsOwnerUnusableAndNotAllowed) {
  put_policy(R"({"Version":"2012-10-17","Statement":[{"Effect":"Permit"}]})");
  EXPECT_FALSE(directory_.find(admin_.id));
}

TEST_F(DirectoryTest, AnAccountIsMadeOnce) {
  EXPECT_EQ(error_of(directory_.create_account_with_admin(made_.account)).kind,
            ErrorKind::conflict);
}

// What is held in memory.

TEST_F(DirectoryTest, AFoundKeyIsAnsweredFromMemory) {
  const auto first = value_of(directory_.find(admin_.id));
  EXPECT_EQ(value_of(directory_.find(admin_.id)), first);
  EXPECT_EQ(sealer_.unsealed, 1);
}

TEST_F(DirectoryTest, AnUnknownKeyIsNotRemembered) {
  error_of(directory_.find("AKIALATER"));
  add_key("AKIALATER", true);
  EXPECT_TRUE(directory_.find("AKIALATER"));
}

TEST_F(DirectoryTest, WhatIsForgottenIsReadAnew) {
  EXPECT_TRUE(may_do_everything(*value_of(directory_.find(admin_.id))));
  put_policy(
      R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]})");
  directory_.forget();
  EXPECT_FALSE(may_do_everything(*value_of(directory_.find(admin_.id))));
}

TEST_F(DirectoryTest, ACredentialOutlivesItsForgetting) {
  const auto held = value_of(directory_.find(admin_.id));
  directory_.forget();
  EXPECT_TRUE(held->secret_access_key == admin_.secret);
}

TEST_F(DirectoryTest, WhatWasReadBeforeAChangeIsNotKept) {
  sealer_.meanwhile = [&] { directory_.forget(); };
  value_of(directory_.find(admin_.id));
  sealer_.meanwhile = nullptr;
  value_of(directory_.find(admin_.id));
  EXPECT_EQ(sealer_.unsealed, 2);
}

TEST_F(DirectoryTest, AStoreThatIsClosedIsNotAnUnknownKey) {
  store_->close();
  EXPECT_NE(error_of(directory_.find(admin_.id)).kind, ErrorKind::unknown_access_key);
}

}  // namespace
}  // namespace hallmark::identity
