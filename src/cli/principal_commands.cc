#include "cli/principal_commands.h"

#include <cstdio>

#include <fmt/format.h>

namespace hallmark::cli {
namespace {

std::string_view noun(WhoKind kind) { return kind == WhoKind::role ? "Role" : "User"; }

Result<void> print_all(const JsonObject& answer, std::string_view member, std::string_view what) {
  TRY(const auto list, answer.get(member));
  TRY(const auto values, list.array());
  for (const JsonValue& value : values) {
    TRY(const auto text, value.text());
    fmt::print("  with the {} {}\n", what, text);
  }
  return {};
}

// One page; the name where the next begins, empty at the end.
Result<std::string> print_page(const JsonDocument& answer, WhoKind kind) {
  TRY(const auto object, answer.root().object());
  TRY(const auto list, object.get(fmt::format("{}s", noun(kind))));
  TRY(const auto values, list.array());
  for (const JsonValue& value : values) {
    TRY(const auto row, value.object());
    fmt::print("{:<24}  {}  {}\n", text_of(row, fmt::format("{}Name", noun(kind))),
               text_of(row, fmt::format("{}Id", noun(kind))), text_of(row, "CreateDate"));
  }
  return text_of(object, "Marker");
}

}  // namespace

Result<void> print_created(const JsonDocument& answer, std::string_view member) {
  TRY(const auto object, answer.root().object());
  TRY(const auto made, object.get_object(member));
  fmt::print("{} ({})\n", text_of(made, "Arn"), text_of(made, fmt::format("{}Id", member)));
  return {};
}

Result<void> delete_principal(const Arguments& arguments, const Who& who) {
  AdminBody body(arguments);
  who.write(body);
  TRY(const auto administrator, Administrator::of(arguments));
  TRY(const auto answer, administrator->ask(who.action("Delete", ""), body.take()));
  TRY(const auto object, answer.root().object());
  fmt::print("deleted {}\n", who.name);
  TRY(print_all(object, "DeletedAccessKeys", "access key"));
  return print_all(object, "DeletedPolicies", "policy");
}

Result<void> list_principals(const Arguments& arguments, WhoKind kind) {
  TRY(const auto administrator, Administrator::of(arguments));
  std::string marker;
  do {
    AdminBody body(arguments);
    if (!marker.empty()) body.member("Marker", marker);
    TRY(const auto answer, administrator->ask(fmt::format("List{}s", noun(kind)), body.take()));
    TRY(marker, print_page(answer, kind));
  } while (!marker.empty());
  return {};
}

}  // namespace hallmark::cli
