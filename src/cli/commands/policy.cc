#include <cstdio>

#include <fmt/format.h>

#include "cli/administrator.h"
#include "cli/commands.h"

namespace hallmark::cli {
namespace {

constexpr Option name = {OptionKind::required, "--name", "the name of the policy"};

// A request about a user or a role, whose members are added by `fill`.
template <class Fill>
Result<JsonDocument> ask(const Arguments& arguments, std::string_view before,
                         std::string_view after, Fill fill) {
  TRY(const auto who, read_named(arguments));
  AdminBody body(arguments);
  who.write(body);
  TRY(fill(body));
  TRY(const auto administrator, Administrator::of(arguments));
  return administrator->ask(who.action(before, after), body.take());
}

constexpr Option put_options[] = {
    {OptionKind::positional, "FILE", "the policy document; - reads it from standard input"},
    name,
    user_option,
    role_option,
    account_option,
    data_dir_option,
    master_key_option,
};
Result<void> put(const Arguments& arguments) {
  TRY(ask(arguments, "Put", "Policy", [&](AdminBody& body) -> Result<void> {
    TRY(const auto document, read_document({arguments.get("FILE")}));
    body.member("PolicyName", arguments.get("--name")).member("PolicyDocument", document);
    return {};
  }));
  return {};
}

constexpr Option named_options[] = {name,           user_option,     role_option,
                                    account_option, data_dir_option, master_key_option};
Result<void> get(const Arguments& arguments) {
  TRY(const auto answer, ask(arguments, "Get", "Policy", [&](AdminBody& body) -> Result<void> {
        body.member("PolicyName", arguments.get("--name"));
        return {};
      }));
  TRY(const auto object, answer.root().object());
  const std::string document = text_of(object, "PolicyDocument");
  fmt::print("{}{}", document, document.ends_with('\n') ? "" : "\n");
  return {};
}

Result<void> remove(const Arguments& arguments) {
  TRY(ask(arguments, "Delete", "Policy", [&](AdminBody& body) -> Result<void> {
    body.member("PolicyName", arguments.get("--name"));
    return {};
  }));
  return {};
}

constexpr Option list_options[] = {user_option, role_option, account_option, data_dir_option,
                                   master_key_option};
Result<void> list(const Arguments& arguments) {
  TRY(const auto answer,
      ask(arguments, "List", "Policies", [](AdminBody&) { return Result<void>(); }));
  TRY(const auto object, answer.root().object());
  TRY(const auto names, object.get("PolicyNames"));
  TRY(const auto values, names.array());
  for (const JsonValue& value : values) {
    TRY(const auto text, value.text());
    fmt::print("{}\n", text);
  }
  return {};
}

}  // namespace

constinit const Command policy_put_command = {
    "policy put", "give a user or role a policy, or replace the one of that name", put_options,
    put};
constinit const Command policy_get_command = {"policy get", "print a policy as it was given",
                                              named_options, get};
constinit const Command policy_list_command = {"policy list", "list the policies of a user or role",
                                               list_options, list};
constinit const Command policy_delete_command = {"policy delete", "take a policy away",
                                                 named_options, remove};

}  // namespace hallmark::cli
