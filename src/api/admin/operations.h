// The operations of administrators, on the admin socket: `POST /{Action}` with a JSON body that has
// IAM's members, and beside them AccountId (left out: the installation's account). Who is meant is
// UserName, RoleName, or neither: the root of the account.
#pragma once

#include <span>

#include "api/admin/admin_router.h"

namespace hallmark::api {

std::span<const AdminOperation* const> admin_operations();

// accounts.cc
extern const AdminOperation create_account;
extern const AdminOperation list_accounts;
// principals.cc
extern const AdminOperation create_user;
extern const AdminOperation create_role;
extern const AdminOperation delete_user;
extern const AdminOperation delete_role;
extern const AdminOperation list_users;
extern const AdminOperation list_roles;
extern const AdminOperation update_assume_role_policy;
// access_keys.cc
extern const AdminOperation create_access_key;
extern const AdminOperation delete_access_key;
extern const AdminOperation list_access_keys;
extern const AdminOperation update_access_key;
// policies.cc
extern const AdminOperation delete_role_policy;
extern const AdminOperation delete_user_policy;
extern const AdminOperation get_role_policy;
extern const AdminOperation get_user_policy;
extern const AdminOperation list_role_policies;
extern const AdminOperation list_user_policies;
extern const AdminOperation put_role_policy;
extern const AdminOperation put_user_policy;
// certificates.cc
extern const AdminOperation import_certificate_of_account;
extern const AdminOperation list_imported_certificates;
extern const AdminOperation list_issued_certificates;
extern const AdminOperation revoke_certificate;
// authorities.cc
extern const AdminOperation install_intermediate;
extern const AdminOperation list_authorities;
extern const AdminOperation renew_intermediate;
extern const AdminOperation request_intermediate;
// restores.cc
extern const AdminOperation accept_restore;
extern const AdminOperation list_standstills;
// simulation.cc
extern const AdminOperation simulate_principal_policy;

}  // namespace hallmark::api
