// A copy of a SQLite store beside the process that serves it.
#pragma once

#include <filesystem>

#include "base/result.h"

namespace hallmark::store {

// Writes the last committed state of the store at `path`, which may be open in this process or in
// another one, into a new file at `to`. The source is only read: who writes it is not held up, and
// its log grows until the copy is made. Not durable, and worthless unless it succeeded. Invalid:
// there is no store at `path`.
Result<void> copy_sqlite(const std::filesystem::path& path, const std::filesystem::path& to);

}  // namespace hallmark::store
