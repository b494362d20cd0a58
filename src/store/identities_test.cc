#include "store/identities.h"

#include "store/conformance_test.h"

namespace hallmark::store {
namespace {

class Identities : public EachEngine {
 protected:
  PrincipalRow user(std::string_view text) {
    return {.id = next_id(),
            .account = account(),
            .kind = PrincipalKind::user,
            .name = std::string(text),
            .unique_id = "AIDA0000000000000000",
            .created_at = start};
  }
  PrincipalRow add_user(std::string_view text) {
    PrincipalRow added = user(text);
    EXPECT_TRUE(write([&](Transaction& tx) { return insert_principal(tx, added); }));
    return added;
  }
  static AccessKeyRow key_of(const PrincipalRow& owner, std::string_view id) {
    return {.id = std::string(id),
            .principal = owner.id,
            .secret_sealed = {1},
            .active = true,
            .created_at = start};
  }
  void add_account(const model::AccountId& added) {
    ASSERT_TRUE(write([&](Transaction& tx) { return insert_account(tx, added, start); }));
  }
};
INSTANTIATE_TEST_SUITE_P(Engines, Identities, testing::ValuesIn(engines()), engine_name);

TEST_P(Identities, AccountsAreListedInOrder) {
  add_account(account("999999999999"));
  add_account(account());
  const auto accounts = read([](Reader& rows) { return list_accounts(rows); });
  EXPECT_EQ(*accounts, (std::vector{account(), account("999999999999")}));
}

TEST_P(Identities, AnAccountIsThereOnce) {
  add_account(account());
  EXPECT_EQ(refusal([&](Transaction& tx) { return insert_account(tx, account(), start); }).kind,
            ErrorKind::conflict);
}

TEST_P(Identities, APrincipalIsFoundById) {
  add_account(account());
  const PrincipalRow added = add_user("ci");
  const auto found = read([&](Reader& rows) { return find_principal(rows, added.id); });
  ASSERT_TRUE(*found);
  EXPECT_EQ((*found)->account, added.account);
  EXPECT_EQ((*found)->kind, PrincipalKind::user);
  EXPECT_EQ((*found)->name, "ci");
  EXPECT_EQ((*found)->unique_id, added.unique_id);
  EXPECT_EQ((*found)->created_at, start);
  const auto other = read([&](Reader& rows) { return find_principal(rows, next_id()); });
  EXPECT_FALSE(*other);
}

TEST_P(Identities, APrincipalNeedsItsAccount) {
  EXPECT_EQ(refusal([&](Transaction& tx) { return insert_principal(tx, user("ci")); }).kind,
            ErrorKind::not_found);
}

TEST_P(Identities, ANameOfOneKindIsTakenOnceInAnAccount) {
  add_account(account());
  add_user("ci");
  EXPECT_EQ(refusal([&](Transaction& tx) { return insert_principal(tx, user("ci")); }).kind,
            ErrorKind::conflict);
  PrincipalRow role = user("ci");
  role.kind = PrincipalKind::role;
  EXPECT_TRUE(write([&](Transaction& tx) { return insert_principal(tx, role); }));
}

TEST_P(Identities, AccountsAreCounted) {
  EXPECT_EQ(*read([](Reader& rows) { return count_accounts(rows); }), 0u);
  add_account(account());
  EXPECT_EQ(*read([](Reader& rows) { return count_accounts(rows); }), 1u);
  EXPECT_TRUE(*read([](Reader& rows) { return has_account(rows, account()); }));
  EXPECT_FALSE(*read([](Reader& rows) { return has_account(rows, account("999999999999")); }));
}

TEST_P(Identities, PrincipalsAreListedByNameInPages) {
  add_account(account());
  for (const char* text : {"delta", "alpha", "charlie", "bravo"}) add_user(text);
  std::vector<std::string> seen;
  PrincipalPlace after = {account()};
  do {
    const auto page = read([&](Reader& rows) { return list_principals(rows, after, 2); });
    ASSERT_EQ(page->principals.size(), 2u);
    for (const auto& row : page->principals) seen.push_back(row.name);
    after.name = page->continue_after;
  } while (!after.name.empty());
  EXPECT_EQ(seen, (std::vector<std::string>{"alpha", "bravo", "charlie", "delta"}));
}

TEST_P(Identities, AListHoldsOneKindOfOneAccount) {
  add_account(account());
  add_account(account("999999999999"));
  add_user("ci");
  const auto roles = read([&](Reader& rows) {
    return list_principals(rows, {account(), PrincipalKind::role}, 10);
  });
  EXPECT_TRUE(roles->principals.empty());
  const auto elsewhere =
      read([&](Reader& rows) { return list_principals(rows, {account("999999999999")}, 10); });
  EXPECT_TRUE(elsewhere->principals.empty());
  EXPECT_EQ(*read([](Reader& rows) { return count_principals(rows, account()); }), 1u);
}

TEST_P(Identities, ATrustPolicyIsReplaced) {
  add_account(account());
  PrincipalRow role = user("deploy");
  role.kind = PrincipalKind::role;
  role.trust_policy = "old";
  role.session_seconds_max = 7200;
  ASSERT_TRUE(write([&](Transaction& tx) { return insert_principal(tx, role); }));
  role.trust_policy = "new";
  role.trusted_ids = {{"arn:aws:iam::111122223333:user/ci", "AIDAX"}};
  ASSERT_TRUE(write([&](Transaction& tx) { return update_trust_policy(tx, role); }));
  const auto found = read([&](Reader& rows) { return find_principal(rows, role.id); });
  EXPECT_EQ((*found)->trust_policy, "new");
  EXPECT_EQ((*found)->trusted_ids, role.trusted_ids);
  EXPECT_EQ((*found)->session_seconds_max, 7200);
}

TEST_P(Identities, APrincipalGoesWithItsKeysAndPolicies) {
  add_account(account());
  const PrincipalRow added = add_user("ci");
  const PrincipalRow other = add_user("other");
  for (const PrincipalRow& of : {added, other}) {
    ASSERT_TRUE(write([&](Transaction& tx) { return put_policy(tx, {of.id, "all", "{}"}); }));
    ASSERT_TRUE(write([&](Transaction& tx) { return insert_access_key(tx, key_of(of, of.name)); }));
  }
  ASSERT_TRUE(write([&](Transaction& tx) { return delete_principal(tx, added.id); }));
  EXPECT_FALSE(*read([&](Reader& rows) { return find_principal(rows, added.id); }));
  EXPECT_FALSE(*read([&](Reader& rows) { return find_access_key(rows, "ci"); }));
  EXPECT_TRUE(read([&](Reader& rows) { return list_policies(rows, added.id); })->empty());
  EXPECT_EQ(read([&](Reader& rows) { return list_access_keys(rows, other.id); })->size(), 1u);
  EXPECT_EQ(read([&](Reader& rows) { return list_policies(rows, other.id); })->size(), 1u);
}

TEST_P(Identities, WhatHasGoneIsAConflict) {
  add_account(account());
  PrincipalRow gone = user("ci");
  EXPECT_EQ(refusal([&](Transaction& tx) { return delete_principal(tx, gone.id); }).kind,
            ErrorKind::conflict);
  EXPECT_EQ(refusal([&](Transaction& tx) { return update_trust_policy(tx, gone); }).kind,
            ErrorKind::conflict);
}

TEST_P(Identities, APolicyIsDeletedOnce) {
  add_account(account());
  const PrincipalRow added = add_user("ci");
  ASSERT_TRUE(write([&](Transaction& tx) { return put_policy(tx, {added.id, "all", "{}"}); }));
  const auto remove = [&](Transaction& tx) { return delete_policy(tx, added.id, "all"); };
  EXPECT_TRUE(*store().write(remove));
  EXPECT_FALSE(*store().write(remove));
}

TEST_P(Identities, AccessKeysAreListedById) {
  add_account(account());
  const PrincipalRow added = add_user("ci");
  for (const char* id : {"AKIAB", "AKIAA"}) {
    ASSERT_TRUE(write([&](Transaction& tx) { return insert_access_key(tx, key_of(added, id)); }));
  }
  const auto keys = read([&](Reader& rows) { return list_access_keys(rows, added.id); });
  ASSERT_EQ(keys->size(), 2u);
  EXPECT_EQ(keys->at(0).id, "AKIAA");
  EXPECT_EQ(keys->at(1).id, "AKIAB");
}

TEST_P(Identities, AnAccessKeyIsTurnedOffDeletedAndOnlyByItsOwner) {
  add_account(account());
  const PrincipalRow added = add_user("ci");
  const PrincipalRow other = add_user("other");
  AccessKeyRow key = key_of(added, "AKIAA");
  ASSERT_TRUE(write([&](Transaction& tx) { return insert_access_key(tx, key); }));

  key.active = false;
  key.principal = other.id;
  const auto update = [&](Transaction& tx) { return update_access_key_status(tx, key); };
  EXPECT_FALSE(*store().write(update));
  key.principal = added.id;
  EXPECT_TRUE(*store().write(update));
  EXPECT_FALSE((*read([](Reader& rows) { return find_access_key(rows, "AKIAA"); }))->active);

  const auto remove = [&](const Uuid& of) {
    return *store().write([&](Transaction& tx) { return delete_access_key(tx, of, "AKIAA"); });
  };
  EXPECT_FALSE(remove(other.id));
  EXPECT_TRUE(remove(added.id));
  EXPECT_FALSE(*read([](Reader& rows) { return find_access_key(rows, "AKIAA"); }));
}

TEST_P(Identities, TheLatestUseOfAnAccessKeyStays) {
  add_account(account());
  const PrincipalRow added = add_user("ci");
  ASSERT_TRUE(
      write([&](Transaction& tx) { return insert_access_key(tx, key_of(added, "AKIAA")); }));
  const auto note = [&](const AccessKeyUse& use) {
    ASSERT_TRUE(write([&](Transaction& tx) { return note_access_key_use(tx, use); }));
  };
  note({"AKIAA", start + std::chrono::seconds(60), "signer"});
  note({"AKIAA", start, "sts"});
  note({"AKIAGONE", start, "sts"});
  const auto found = *read([](Reader& rows) { return find_access_key(rows, "AKIAA"); });
  EXPECT_EQ(found->last_used_at, start + std::chrono::seconds(60));
  EXPECT_EQ(found->last_used_service, "signer");
}

TEST_P(Identities, APolicyReplacesOneOfTheSameName) {
  add_account(account());
  const PrincipalRow added = add_user("ci");
  for (const auto& [name, document] : {std::pair("sign", "1"), {"read", "2"}, {"sign", "3"}}) {
    const PolicyRow policy = {.principal = added.id, .name = name, .document = document};
    ASSERT_TRUE(write([&](Transaction& tx) { return put_policy(tx, policy); }));
  }
  const auto policies = read([&](Reader& rows) { return list_policies(rows, added.id); });
  ASSERT_EQ(policies->size(), 2u);
  EXPECT_EQ(policies->at(0).name, "read");
  EXPECT_EQ(policies->at(1).name, "sign");
  EXPECT_EQ(policies->at(1).document, "3");
  EXPECT_EQ(policies->at(1).principal, added.id);
}

TEST_P(Identities, AnAccessKeyIsFoundWhetherActiveOrNot) {
  add_account(account());
  const PrincipalRow added = add_user("ci");
  const AccessKeyRow key = {.id = "AKIA0000000000000001",
                            .principal = added.id,
                            .secret_sealed = {0, 1, 255},
                            .active = false,
                            .created_at = start};
  ASSERT_TRUE(write([&](Transaction& tx) { return insert_access_key(tx, key); }));
  const auto found = read([&](Reader& rows) { return find_access_key(rows, key.id); });
  ASSERT_TRUE(*found);
  EXPECT_EQ((*found)->principal, added.id);
  EXPECT_EQ((*found)->secret_sealed, key.secret_sealed);
  EXPECT_FALSE((*found)->active);
  EXPECT_EQ((*found)->created_at, start);
  const auto other = read([](Reader& rows) { return find_access_key(rows, "AKIA"); });
  EXPECT_FALSE(*other);
}

TEST_P(Identities, AnAccessKeyNeedsItsPrincipal) {
  const AccessKeyRow key = {.id = "AKIA0000000000000001",
                            .principal = next_id(),
                            .secret_sealed = {},
                            .active = true,
                            .created_at = start};
  EXPECT_EQ(refusal([&](Transaction& tx) { return insert_access_key(tx, key); }).kind,
            ErrorKind::not_found);
}

}  // namespace
}  // namespace hallmark::store
