// The commands, one file each in cli/commands/.
#pragma once

#include "cli/command.h"

namespace hallmark::cli {

extern const Command accept_restore_command;
extern const Command access_key_create_command;
extern const Command access_key_delete_command;
extern const Command access_key_disable_command;
extern const Command access_key_enable_command;
extern const Command access_key_list_command;
extern const Command account_create_command;
extern const Command account_list_command;
extern const Command audit_export_command;
extern const Command audit_verify_command;
extern const Command authority_install_command;
extern const Command authority_list_command;
extern const Command authority_renew_command;
extern const Command authority_request_command;
extern const Command authority_sign_command;
extern const Command backup_command;
extern const Command certificate_import_command;
extern const Command certificate_list_command;
extern const Command certificate_revoke_command;
extern const Command check_command;
extern const Command completion_command;
extern const Command configuration_command;
extern const Command dev_command;
extern const Command env_command;
extern const Command init_command;
extern const Command join_command;
extern const Command key_rotate_master_command;
extern const Command manual_command;
extern const Command object_create_bucket_command;
extern const Command object_get_command;
extern const Command object_list_command;
extern const Command object_put_command;
extern const Command object_remove_command;
extern const Command object_versions_command;
extern const Command policy_delete_command;
extern const Command policy_get_command;
extern const Command policy_list_command;
extern const Command policy_put_command;
extern const Command policy_simulate_command;
extern const Command probe_command;
extern const Command restore_command;
extern const Command role_create_command;
extern const Command role_delete_command;
extern const Command role_list_command;
extern const Command role_set_trust_command;
extern const Command server_command;
extern const Command sign_command;
extern const Command trust_export_command;
extern const Command user_create_command;
extern const Command user_delete_command;
extern const Command user_list_command;
extern const Command verify_command;

}  // namespace hallmark::cli
