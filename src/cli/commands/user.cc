#include <cstdio>

#include <fmt/format.h>

#include "cli/administrator.h"
#include "cli/commands.h"
#include "cli/principal_commands.h"

namespace hallmark::cli {
namespace {

constexpr Option name_options[] = {
    {OptionKind::positional, "NAME", "1 to 64 characters of A-Z, a-z, 0-9 and _+=,.@-"},
    account_option,
    data_dir_option,
    master_key_option,
};
Result<void> create(const Arguments& arguments) {
  AdminBody body(arguments);
  body.member("UserName", arguments.get("NAME"));
  TRY(const auto administrator, Administrator::of(arguments));
  TRY(const auto answer, administrator->ask("CreateUser", body.take()));
  return print_created(answer, "User");
}

Result<void> remove(const Arguments& arguments) {
  return delete_principal(arguments, {WhoKind::user, arguments.get("NAME")});
}

constexpr Option list_options[] = {account_option, data_dir_option, master_key_option};
Result<void> list(const Arguments& arguments) { return list_principals(arguments, WhoKind::user); }

}  // namespace

constinit const Command user_create_command = {
    "user create", "make a user, who may do nothing until it gets a policy", name_options, create};
constinit const Command user_list_command = {"user list", "list the users of an account",
                                             list_options, list};
constinit const Command user_delete_command = {
    "user delete", "delete a user with its access keys and policies", name_options, remove};

}  // namespace hallmark::cli
