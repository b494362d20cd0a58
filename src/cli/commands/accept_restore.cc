#include <charconv>
#include <cstdint>
#include <vector>

#include <fmt/format.h>

#include "cli/administrator.h"
#include "cli/commands.h"

namespace hallmark::cli {
namespace {

constexpr Option options[] = {
    {OptionKind::repeated, "--accept",
     "the number of a doubt that is accepted; all of them have to be named, one by one (default: "
     "none, and all are shown)"},
    {OptionKind::optional, "--reason",
     "why the store is accepted as it is, for the audit log: goes with --accept"},
    data_dir_option,
    master_key_option,
};

Result<std::int64_t> read_number(const std::string& text) {
  std::int64_t number = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  if (error == std::errc() && stop == end) return number;
  return wrong_usage("--accept takes the number of a doubt.");
}

// A line for each doubt; how many there are.
Result<std::size_t> print_standstills(const JsonDocument& answer) {
  TRY(const auto object, answer.root().object());
  TRY(const auto member, object.get("Standstills"));
  TRY(const auto standstills, member.array());
  for (const JsonValue& each : standstills) {
    TRY(const auto standstill, each.object());
    TRY(const auto number, standstill.get("Number"));
    TRY(const std::int64_t value, number.integer());
    fmt::print("{}  {}  {}\n", value, text_of(standstill, "NoticedAt"),
               text_of(standstill, "Cause"));
  }
  return standstills.size();
}

Result<void> show(Administrator& administrator) {
  TRY(const auto answer, administrator.ask("ListStandstills", "{}"));
  TRY(const std::size_t count, print_standstills(answer));
  if (count == 0) {
    return not_found("Nothing is to be accepted: the service does not stand still.");
  }
  fmt::print(
      "What was revoked and is not in this store is good again once these are accepted: `hallmark "
      "accept-restore --accept NUMBER --reason TEXT`, with an --accept for each number.\n");
  return {};
}

Result<void> accept(Administrator& administrator, const Arguments& arguments) {
  JsonWriter body;
  body.begin_object().name("Numbers").begin_array();
  for (const std::string& text : arguments.all("--accept")) {
    TRY(const std::int64_t number, read_number(text));
    body.integer(number);
  }
  body.end_array().member("Reason", arguments.get("--reason")).end_object();
  TRY(const auto answer, administrator.ask("AcceptRestore", body.take()));
  fmt::print("accepted:\n");
  TRY(print_standstills(answer));
  fmt::print("signing goes on within a second, unless another doubt has come up meanwhile\n");
  return {};
}

Result<void> run(const Arguments& arguments) {
  if (arguments.has("--accept") != arguments.has("--reason")) {
    return wrong_usage("--accept and --reason go together.");
  }
  TRY(const auto administrator, Administrator::of(arguments));
  return arguments.has("--accept") ? accept(*administrator, arguments) : show(*administrator);
}

}  // namespace

constinit const Command accept_restore_command = {
    "accept-restore", "go on signing with a store that was restored or put back", options, run};

}  // namespace hallmark::cli
