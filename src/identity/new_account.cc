#include "identity/new_account.h"

#include "identity/identifiers.h"
#include "identity/principals.h"

namespace hallmark::identity {
namespace {

// As AWS has it, the root's id is the account's.
std::string unique_id_of(const store::PrincipalPlace& place, Random& random) {
  switch (place.kind) {
    case store::PrincipalKind::root: return place.account.text();
    case store::PrincipalKind::user: return random_id(user_id_prefix, random);
    case store::PrincipalKind::role: return random_id(role_id_prefix, random);
  }
  return {};
}

}  // namespace

audit::Elements NewAccountRows::elements() const {
  return {{"accountId", root.account.text()},
          {"userName", admin.name},
          {"accessKeyId", key.id},
          {"policyDocument", policy.document}};
}

NewAccessKey make_access_key(Random& random) {
  return {random_id(access_key_prefix, random), random_secret_access_key(random)};
}

store::AccessKeyRow row_of(const NewAccessKey& key, const Uuid& owner, const Makers& makers) {
  return {.id = key.id,
          .principal = owner,
          .secret_sealed = makers.sealer.seal(key.secret.reveal(), access_key_context(key.id)),
          .active = true,
          .created_at = makers.clock.now()};
}

store::PrincipalRow make_principal(const store::PrincipalPlace& place, const Makers& makers) {
  const Timestamp now = makers.clock.now();
  return {.id = Uuid::v7(now, makers.random),
          .account = place.account,
          .kind = place.kind,
          .name = place.name,
          .unique_id = unique_id_of(place, makers.random),
          .created_at = now};
}

NewAccountRows make_account(const model::AccountId& account, const NewAccessKey& key,
                            const Makers& makers) {
  auto root = make_principal({account, store::PrincipalKind::root}, makers);
  auto admin = make_principal({account, store::PrincipalKind::user, "admin"}, makers);
  store::PolicyRow policy{admin.id, "allow-everything", std::string(allow_everything)};
  auto row = row_of(key, admin.id, makers);
  return {std::move(root), std::move(admin), std::move(policy), std::move(row)};
}

Result<void> insert(store::Transaction& tx, const NewAccountRows& rows) {
  TRY(store::insert_account(tx, rows.root.account, rows.root.created_at));
  TRY(store::insert_principal(tx, rows.root));
  TRY(store::insert_principal(tx, rows.admin));
  TRY(store::put_policy(tx, rows.policy));
  return store::insert_access_key(tx, rows.key);
}

}  // namespace hallmark::identity
