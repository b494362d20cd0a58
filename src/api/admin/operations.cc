#include "api/admin/operations.h"

namespace hallmark::api {

std::span<const AdminOperation* const> admin_operations() {
  static constexpr const AdminOperation* table[] = {
      &accept_restore,
      &create_access_key,
      &create_account,
      &create_role,
      &create_user,
      &delete_access_key,
      &delete_role,
      &delete_role_policy,
      &delete_user,
      &delete_user_policy,
      &get_role_policy,
      &get_user_policy,
      &import_certificate_of_account,
      &install_intermediate,
      &list_access_keys,
      &list_accounts,
      &list_authorities,
      &list_imported_certificates,
      &list_issued_certificates,
      &list_role_policies,
      &list_roles,
      &list_standstills,
      &list_user_policies,
      &list_users,
      &put_role_policy,
      &put_user_policy,
      &renew_intermediate,
      &request_intermediate,
      &revoke_certificate,
      &simulate_principal_policy,
      &update_access_key,
      &update_assume_role_policy,
  };
  return table;
}

}  // namespace hallmark::api
