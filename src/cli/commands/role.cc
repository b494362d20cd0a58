#include <charconv>
#include <cstdio>

#include <fmt/format.h>

#include "cli/administrator.h"
#include "cli/commands.h"
#include "cli/principal_commands.h"

namespace hallmark::cli {
namespace {

constexpr Option name = {OptionKind::positional, "NAME",
                         "1 to 64 characters of A-Z, a-z, 0-9 and _+=,.@-"};
constexpr Option trust = {OptionKind::required, "--trust",
                          "a file with the trust policy: who may assume the role; - reads it from "
                          "standard input"};

Result<std::int64_t> read_seconds(const std::string& text) {
  std::int64_t seconds = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (error == std::errc() && end == text.data() + text.size()) return seconds;
  return wrong_usage("--session-seconds must be a number.");
}

constexpr Option create_options[] = {
    name,
    trust,
    {OptionKind::optional, "--session-seconds",
     "how long a session may last at most, 3600 to 43200 (default: 3600)"},
    account_option,
    data_dir_option,
    master_key_option,
};
Result<void> create(const Arguments& arguments) {
  AdminBody body(arguments);
  body.member("RoleName", arguments.get("NAME"));
  if (arguments.has("--session-seconds")) {
    TRY(const std::int64_t seconds, read_seconds(arguments.get("--session-seconds")));
    body.json().member("MaxSessionDuration", seconds);
  }
  TRY(const auto document, read_document({arguments.get("--trust"), "--trust"}));
  body.member("AssumeRolePolicyDocument", document);
  TRY(const auto administrator, Administrator::of(arguments));
  TRY(const auto answer, administrator->ask("CreateRole", body.take()));
  return print_created(answer, "Role");
}

constexpr Option set_trust_options[] = {name, trust, account_option, data_dir_option,
                                        master_key_option};
Result<void> set_trust(const Arguments& arguments) {
  AdminBody body(arguments);
  TRY(const auto document, read_document({arguments.get("--trust"), "--trust"}));
  body.member("RoleName", arguments.get("NAME")).member("PolicyDocument", document);
  TRY(const auto administrator, Administrator::of(arguments));
  TRY(administrator->ask("UpdateAssumeRolePolicy", body.take()));
  return {};
}

constexpr Option delete_options[] = {name, account_option, data_dir_option, master_key_option};
Result<void> remove(const Arguments& arguments) {
  return delete_principal(arguments, {WhoKind::role, arguments.get("NAME")});
}

constexpr Option list_options[] = {account_option, data_dir_option, master_key_option};
Result<void> list(const Arguments& arguments) { return list_principals(arguments, WhoKind::role); }

}  // namespace

constinit const Command role_create_command = {
    "role create", "make a role, which may do nothing until it gets a policy", create_options,
    create};
constinit const Command role_list_command = {"role list", "list the roles of an account",
                                             list_options, list};
constinit const Command role_set_trust_command = {
    "role set-trust", "replace the policy that says who may assume a role", set_trust_options,
    set_trust};
constinit const Command role_delete_command = {
    "role delete", "delete a role with its policies; its sessions end", delete_options, remove};

}  // namespace hallmark::cli
