#include <fmt/format.h>

#include "base/limits.h"
#include "identity/administration.h"
#include "identity/administration_change.h"
#include "identity/new_account.h"

namespace hallmark::identity {
namespace {

Error no_such_key(std::string_view id) {
  return not_found(fmt::format("The Access Key with id {} cannot be found.", id), "NoSuchEntity");
}

Result<void> check_owner(const Target& owner) {
  if (owner.place.kind != PrincipalKind::role) return {};
  return invalid("A role has no access keys: who may assume it gets temporary ones.");
}

Result<void> check_room(store::Reader& rows, const Uuid& owner) {
  TRY(const auto keys, store::list_access_keys(rows, owner));
  if (keys.size() < limits::access_keys_per_principal_max) return {};
  return refused(ErrorKind::limit_exceeded,
                 fmt::format("Cannot exceed quota for AccessKeysPerUser: {}",
                             limits::access_keys_per_principal_max),
                 "LimitExceeded");
}

Result<void> insert_key(store::Transaction& tx, const store::AccessKeyRow& row) {
  auto inserted = store::insert_access_key(tx, row);
  if (inserted || inserted.error().kind != ErrorKind::conflict) return inserted;
  return refused(ErrorKind::conflict,
                 fmt::format("An access key with the id {} already exists.", row.id),
                 "EntityAlreadyExists");
}

}  // namespace

void Administration::create_access_key(access::Permitted<CreateAccessKey> permitted,
                                       Then<CreatedAccessKey> then) {
  const CreateAccessKey& call = permitted.call();
  if (auto fine = check_owner(call.owner); !fine) return then(fine.error());
  NewAccessKey key = make_access_key(parts_.random);
  if (call.chosen) {
    if (auto fine = check_secret_access_key(call.chosen->secret.reveal()); !fine) {
      return then(fine.error());
    }
    key = {call.chosen->id.text(), call.chosen->secret.copy()};
  }
  const auto row = row_of(key, Uuid(), {parts_.sealer, parts_.clock, parts_.random});
  const auto work = [row](store::Transaction& tx,
                          const CreateAccessKey& asked) -> Result<audit::Elements> {
    TRY(const auto owner, get_principal(tx, asked.owner));
    TRY(check_room(tx, owner.id));
    auto owned = row;
    owned.principal = owner.id;
    TRY(insert_key(tx, owned));
    return audit::Elements{{"accessKeyId", row.id}};
  };
  change(parts_, std::move(permitted), work,
         answering(CreatedAccessKey{std::move(key), row.created_at}, std::move(then)));
}

void Administration::update_access_key(access::Permitted<UpdateAccessKey> permitted,
                                       Then<void> then) {
  const auto work = [](store::Transaction& tx,
                       const UpdateAccessKey& call) -> Result<audit::Elements> {
    TRY(const auto owner, get_principal(tx, call.owner));
    TRY(const bool found,
        store::update_access_key_status(tx, {.id = call.id,
                                             .principal = owner.id,
                                             .secret_sealed = {},
                                             .active = call.status == KeyStatus::active,
                                             .created_at = {}}));
    if (!found) return no_such_key(call.id);
    return audit::Elements();
  };
  change(parts_, std::move(permitted), work, std::move(then));
}

void Administration::delete_access_key(access::Permitted<DeleteAccessKey> permitted,
                                       Then<void> then) {
  const auto work = [](store::Transaction& tx,
                       const DeleteAccessKey& call) -> Result<audit::Elements> {
    TRY(const auto owner, get_principal(tx, call.owner));
    TRY(const bool found, store::delete_access_key(tx, owner.id, call.id));
    if (!found) return no_such_key(call.id);
    return audit::Elements();
  };
  change(parts_, std::move(permitted), work, std::move(then));
}

Result<std::vector<store::AccessKeyRow>> Administration::list_access_keys(
    const access::Permitted<ListAccessKeys>& permitted) {
  return look(parts_, permitted,
              [](store::Reader& rows,
                 const ListAccessKeys& call) -> Result<std::vector<store::AccessKeyRow>> {
                TRY(const auto owner, get_principal(rows, call.owner));
                return store::list_access_keys(rows, owner.id);
              });
}

}  // namespace hallmark::identity
