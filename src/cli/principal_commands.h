// What the commands on users and those on roles share.
#pragma once

#include "base/json.h"
#include "base/result.h"
#include "cli/administrator.h"
#include "cli/command.h"

namespace hallmark::cli {

// The answer's member "User" or "Role": its ARN and its id.
Result<void> print_created(const JsonDocument& answer, std::string_view member);
// Deletes and says what went along.
Result<void> delete_principal(const Arguments& arguments, const Who& who);
// One line each: name, id, time of creation.
Result<void> list_principals(const Arguments& arguments, WhoKind kind);

}  // namespace hallmark::cli
