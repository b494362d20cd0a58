#include <cstdio>

#include <fmt/format.h>

#include "cli/administrator.h"
#include "cli/commands.h"

namespace hallmark::cli {
namespace {

constexpr Option create_options[] = {
    {OptionKind::optional, "ACCOUNT", "12 digits (default: random)"},
    json_option,
    data_dir_option,
    master_key_option,
};
Result<void> create(const Arguments& arguments) {
  AdminBody body{Arguments()};
  if (arguments.has("ACCOUNT")) body.member("AccountId", arguments.get("ACCOUNT"));
  TRY(const auto administrator, Administrator::of(arguments));
  TRY(const auto answer, administrator->ask("CreateAccount", body.take()));
  TRY(const auto object, answer.root().object());
  TRY(const auto key, object.get_object("AccessKey"));
  if (arguments.has("--json")) {
    JsonWriter json;
    json.begin_object();
    json.member("AccountId", text_of(object, "AccountId"));
    for (const char* name : {"UserName", "AccessKeyId", "SecretAccessKey"}) {
      json.member(name, text_of(key, name));
    }
    json.end_object();
    fmt::print("{}\n", json.take());
    return {};
  }
  fmt::print(
      "account {}, with the user {}, who may do everything\n"
      "  access key id     {}\n"
      "  secret access key {} (shown once)\n",
      text_of(object, "AccountId"), text_of(key, "UserName"), text_of(key, "AccessKeyId"),
      text_of(key, "SecretAccessKey"));
  return {};
}

constexpr Option list_options[] = {data_dir_option, master_key_option};
Result<void> list(const Arguments& arguments) {
  TRY(const auto administrator, Administrator::of(arguments));
  TRY(const auto answer, administrator->ask("ListAccounts", "{}"));
  TRY(const auto object, answer.root().object());
  TRY(const auto accounts, object.get("Accounts"));
  TRY(const auto values, accounts.array());
  for (const JsonValue& value : values) {
    TRY(const auto account, value.object());
    fmt::print("{}\n", text_of(account, "Id"));
  }
  return {};
}

}  // namespace

constinit const Command account_create_command = {
    "account create", "make an account, with a user `admin` who may do everything", create_options,
    create};
constinit const Command account_list_command = {"account list", "list the accounts", list_options,
                                                list};

}  // namespace hallmark::cli
