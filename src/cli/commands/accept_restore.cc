#include <fmt/format.h>

#include "cli/administrator.h"
#include "cli/commands.h"

namespace hallmark::cli {
namespace {

constexpr Option options[] = {
    {OptionKind::required, "--reason", "why the store is accepted as it is, for the audit log"},
    data_dir_option,
    master_key_option,
};

Result<void> run(const Arguments& arguments) {
  TRY(const auto administrator, Administrator::of(arguments));
  JsonWriter body;
  body.begin_object().member("Reason", arguments.get("--reason")).end_object();
  TRY(const auto answer, administrator->ask("AcceptRestore", body.take()));
  TRY(const auto object, answer.root().object());
  fmt::print("accepted: {}\nsigning goes on within a second\n", text_of(object, "Accepted"));
  return {};
}

}  // namespace

constinit const Command accept_restore_command = {
    "accept-restore", "go on signing with a store that was restored or put back", options, run};

}  // namespace hallmark::cli
