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
