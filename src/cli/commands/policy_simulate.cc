#include <cstdio>
#include <map>

#include <fmt/format.h>

#include "cli/administrator.h"
#include "cli/commands.h"

namespace hallmark::cli {
namespace {

constexpr Option options[] = {
    {OptionKind::required, "--action", "what is to be done: signer:StartSigningJob"},
    {OptionKind::optional, "--resource",
     "the ARN of what it is to be done to (default: *); the profiles, jobs and roles that are here "
     "count with their tags, permissions and trust policies"},
    {OptionKind::repeated, "--context",
     "KEY=VALUE, a condition key of the request: aws:SourceIp=192.0.2.7; again for more"},
    {OptionKind::optional, "--session-policy", "a file with the policy of the session"},
    user_option,
    role_option,
    root_option,
    json_option,
    account_option,
    data_dir_option,
    master_key_option,
};

// A key that is given again has several values.
Result<void> write_context(JsonWriter& json, const std::vector<std::string>& entries) {
  std::map<std::string, std::vector<std::string>> context;
  for (const std::string& entry : entries) {
    const std::size_t equals = entry.find('=');
    if (equals == std::string::npos || equals == 0) {
      return wrong_usage("--context must have the form KEY=VALUE.");
    }
    context[entry.substr(0, equals)].push_back(entry.substr(equals + 1));
  }
  json.name("ContextEntries").begin_array();
  for (const auto& [key, values] : context) {
    json.begin_object().member("ContextKeyName", key).name("ContextKeyValues").begin_array();
    for (const std::string& value : values) json.text(value);
    json.end_array().end_object();
  }
  json.end_array();
  return {};
}

Result<std::string> body_of(const Arguments& arguments) {
  TRY(const auto who, read_who(arguments));
  AdminBody body(arguments);
  who.write(body);
  body.member("ActionName", arguments.get("--action"));
  body.member("ResourceArn", arguments.get("--resource", "*"));
  TRY(write_context(body.json(), arguments.all("--context")));
  if (arguments.has("--session-policy")) {
    TRY(const auto document,
        read_document({arguments.get("--session-policy"), "--session-policy"}));
    body.member("SessionPolicy", document);
  }
  return body.take();
}

struct Simulated {
  std::string decision;
  std::string policy_type;
  std::string policy_name;
  std::optional<std::int64_t> statement;
  std::string sid;
  std::string message;
};

Result<Simulated> read(const JsonDocument& answer) {
  TRY(const auto object, answer.root().object());
  TRY(const auto statement, object.find_integer("StatementIndex"));
  return Simulated{.decision = text_of(object, "EvalDecision"),
                   .policy_type = text_of(object, "PolicyType"),
                   .policy_name = text_of(object, "PolicyName"),
                   .statement = statement,
                   .sid = text_of(object, "StatementId"),
                   .message = text_of(object, "Message")};
}

void print_json(const Simulated& simulated) {
  JsonWriter json;
  json.begin_object().member("EvalDecision", simulated.decision);
  json.member("PolicyType", simulated.policy_type);
  if (!simulated.policy_name.empty()) json.member("PolicyName", simulated.policy_name);
  if (simulated.statement) {
    json.member("StatementIndex", *simulated.statement).member("StatementId", simulated.sid);
  }
  if (!simulated.message.empty()) json.member("Message", simulated.message);
  json.end_object();
  fmt::print("{}\n", json.take());
}

// "allowed by Statement[0] (Sid First) of the policy sign (identity-based policy)"
void print_text(const Simulated& simulated) {
  std::string line = simulated.decision;
  if (simulated.statement) line += fmt::format(" by Statement[{}]", *simulated.statement);
  if (!simulated.sid.empty()) line += fmt::format(" (Sid {})", simulated.sid);
  if (!simulated.policy_name.empty()) line += fmt::format(" of {}", simulated.policy_name);
  fmt::print("{}, {}\n", line, simulated.policy_type);
}

Result<void> run(const Arguments& arguments) {
  TRY(auto body, body_of(arguments));
  TRY(const auto administrator, Administrator::of(arguments));
  TRY(const auto answer, administrator->ask("SimulatePrincipalPolicy", std::move(body)));
  TRY(const auto simulated, read(answer));
  if (arguments.has("--json")) {
    print_json(simulated);
  } else {
    print_text(simulated);
  }
  if (simulated.decision == "allowed") return {};
  return invalid(simulated.message);
}

}  // namespace

constinit const Command policy_simulate_command = {
    "policy simulate", "say whether an action would be allowed, and which statement decides",
    options, run};

}  // namespace hallmark::cli
