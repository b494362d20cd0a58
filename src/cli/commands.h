// The commands, one file each in cli/commands/.
#pragma once

#include "cli/command.h"

namespace hallmark::cli {

extern const Command check_command;
extern const Command dev_command;
extern const Command env_command;
extern const Command init_command;
extern const Command object_create_bucket_command;
extern const Command object_get_command;
extern const Command object_list_command;
extern const Command object_put_command;
extern const Command object_remove_command;
extern const Command object_versions_command;
extern const Command server_command;
extern const Command trust_export_command;
extern const Command verify_command;

}  // namespace hallmark::cli
