#include "cli/commands.h"

namespace hallmark::cli {

std::span<const Command* const> commands() {
  static constexpr const Command* table[] = {
      &dev_command,           &init_command,
      &server_command,        &env_command,
      &verify_command,        &trust_export_command,
      &object_put_command,    &object_get_command,
      &object_list_command,   &object_versions_command,
      &object_remove_command, &object_create_bucket_command,
      &check_command,
  };
  return table;
}

}  // namespace hallmark::cli
