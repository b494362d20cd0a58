#include <fmt/format.h>

#include "cli/administrator.h"
#include "cli/commands.h"
#include "cli/named_file.h"
#include "cli/output_file.h"
#include "server/installation.h"

namespace hallmark::cli {
namespace {

constexpr std::size_t secret_bytes_max = 1024;

constexpr Option create_options[] = {
    user_option,
    root_option,
    {OptionKind::optional, "--id", "bring a key along: its id (default: a new one)"},
    {OptionKind::optional, "--secret-file",
     "the file with its secret, with --id; - reads it from standard input"},
    json_option,
    {OptionKind::flag, "--credentials", "print the key as an AWS shared-credentials file"},
    {OptionKind::optional, output_name,
     "the file to write, for its owner alone (default: standard output)"},
    force_option,
    account_option,
    data_dir_option,
    master_key_option,
};

Result<std::string> read_secret(const std::string& path) {
  TRY(auto secret, read_input({path, "--secret-file"}, secret_bytes_max));
  if (secret.ends_with('\n')) secret.pop_back();
  if (secret.ends_with('\r')) secret.pop_back();
  return secret;
}

std::string shown_key(const Arguments& arguments, const JsonObject& key, const model::Home& home) {
  const std::string id = text_of(key, "AccessKeyId");
  const std::string secret = text_of(key, "SecretAccessKey");
  if (arguments.has("--credentials")) {
    return fmt::format(
        "[default]\naws_access_key_id = {}\naws_secret_access_key = {}\nregion = {}\n", id, secret,
        home.region);
  }
  if (!arguments.has("--json")) {
    return fmt::format("access key id     {}\nsecret access key {} (shown once)\n", id, secret);
  }
  JsonWriter json;
  json.begin_object();
  write_texts(json, key);
  json.end_object();
  return json.take() + "\n";
}

Result<void> create(const Arguments& arguments) {
  if (arguments.has("--json") && arguments.has("--credentials")) {
    return wrong_usage("--json and --credentials are two ways to print the key: give one.");
  }
  TRY(const auto who, read_who(arguments));
  if (arguments.has("--id") != arguments.has("--secret-file")) {
    return wrong_usage("--id and --secret-file are given both or not.");
  }
  // Before a key is made whose secret would have no place.
  if (arguments.has(output_name)) TRY(OutputFile::of(arguments));
  AdminBody body(arguments);
  who.write(body);
  if (arguments.has("--id")) {
    TRY(const auto secret, read_secret(arguments.get("--secret-file")));
    body.member("AccessKeyId", arguments.get("--id")).member("SecretAccessKey", secret);
  }
  TRY(const auto facts, server::read_facts({whole_path(arguments.get("--data-dir"))}));
  TRY(const auto administrator, Administrator::of(arguments));
  TRY(const auto answer, administrator->ask("CreateAccessKey", body.take()));
  TRY(const auto object, answer.root().object());
  TRY(const auto key, object.get_object("AccessKey"));
  return write_or_print(arguments, shown_key(arguments, key, facts.home), secret_file);
}

constexpr Option list_options[] = {user_option,    root_option,     json_option,
                                   account_option, data_dir_option, master_key_option};

void print_key(const JsonObject& key, const std::optional<JsonObject>& used) {
  fmt::print("{:<20}  {:<8}  created {}  {}\n", text_of(key, "AccessKeyId"), text_of(key, "Status"),
             text_of(key, "CreateDate"),
             used ? fmt::format("last used {} for {}", text_of(*used, "LastUsedDate"),
                                text_of(*used, "ServiceName"))
                  : std::string("never used"));
}

void write_key(JsonWriter& json, const JsonObject& key, const std::optional<JsonObject>& used) {
  json.begin_object();
  write_texts(json, key);
  if (used) {
    json.name("AccessKeyLastUsed").begin_object();
    write_texts(json, *used);
    json.end_object();
  }
  json.end_object();
}

Result<void> list(const Arguments& arguments) {
  TRY(const auto who, read_who(arguments));
  AdminBody body(arguments);
  who.write(body);
  TRY(const auto administrator, Administrator::of(arguments));
  TRY(const auto answer, administrator->ask("ListAccessKeys", body.take()));
  TRY(const auto object, answer.root().object());
  TRY(const auto keys, object.get("AccessKeyMetadata"));
  TRY(const auto values, keys.array());
  JsonWriter json;
  json.begin_array();
  for (const JsonValue& value : values) {
    TRY(const auto key, value.object());
    TRY(const auto used, key.find_object("AccessKeyLastUsed"));
    if (arguments.has("--json")) {
      write_key(json, key, used);
    } else {
      print_key(key, used);
    }
  }
  json.end_array();
  if (arguments.has("--json")) fmt::print("{}\n", json.take());
  return {};
}

constexpr Option change_options[] = {
    {OptionKind::positional, "KEY_ID", "the access key's id"},
    user_option,
    root_option,
    account_option,
    data_dir_option,
    master_key_option,
};
Result<void> set_status(const Arguments& arguments, std::string_view status) {
  TRY(const auto who, read_who(arguments));
  AdminBody body(arguments);
  who.write(body);
  body.member("AccessKeyId", arguments.get("KEY_ID")).member("Status", status);
  TRY(const auto administrator, Administrator::of(arguments));
  TRY(administrator->ask("UpdateAccessKey", body.take()));
  return {};
}
Result<void> disable(const Arguments& arguments) { return set_status(arguments, "Inactive"); }
Result<void> enable(const Arguments& arguments) { return set_status(arguments, "Active"); }

Result<void> remove(const Arguments& arguments) {
  TRY(const auto who, read_who(arguments));
  AdminBody body(arguments);
  who.write(body);
  body.member("AccessKeyId", arguments.get("KEY_ID"));
  TRY(const auto administrator, Administrator::of(arguments));
  TRY(administrator->ask("DeleteAccessKey", body.take()));
  return {};
}

}  // namespace

constinit const Command access_key_create_command = {
    "access-key create", "make an access key, or take one that exists elsewhere", create_options,
    create};
constinit const Command access_key_list_command = {
    "access-key list", "list access keys, with their last use", list_options, list};
constinit const Command access_key_disable_command = {
    "access-key disable", "refuse an access key until it is enabled", change_options, disable};
constinit const Command access_key_enable_command = {
    "access-key enable", "accept a disabled access key again", change_options, enable};
constinit const Command access_key_delete_command = {
    "access-key delete", "delete an access key for good", change_options, remove};

}  // namespace hallmark::cli
