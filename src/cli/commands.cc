#include "cli/commands.h"

namespace hallmark::cli {

std::span<const Command* const> commands() {
  static constexpr const Command* table[] = {
      &dev_command,
      &init_command,
      &join_command,
      &server_command,
      &env_command,
      &sign_command,
      &verify_command,
      &trust_export_command,
      &object_put_command,
      &object_get_command,
      &object_list_command,
      &object_versions_command,
      &object_remove_command,
      &object_create_bucket_command,
      &probe_command,
      &check_command,
      &backup_command,
      &restore_command,
      &accept_restore_command,
      &key_rotate_master_command,
      &account_create_command,
      &account_list_command,
      &user_create_command,
      &user_list_command,
      &user_delete_command,
      &role_create_command,
      &role_list_command,
      &role_set_trust_command,
      &role_delete_command,
      &access_key_create_command,
      &access_key_list_command,
      &access_key_disable_command,
      &access_key_enable_command,
      &access_key_delete_command,
      &policy_put_command,
      &policy_get_command,
      &policy_list_command,
      &policy_delete_command,
      &policy_simulate_command,
      &certificate_import_command,
      &certificate_list_command,
      &certificate_revoke_command,
  };
  return table;
}

}  // namespace hallmark::cli
