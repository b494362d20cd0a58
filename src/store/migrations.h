// The schema and its history: numbered steps, each run once in a transaction of its own.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "base/result.h"
#include "store/driver.h"

namespace hallmark::store {

// In the script, {integer}, {text}, {bytes}, {table} and {clustered} stand for the engine's words.
// A migration that was released never changes: its checksum is kept in the store.
struct Migration {
  std::string_view name;
  std::string_view script;
};

// All of them; the first has number 1.
std::span<const Migration> migrations();

// Runs those that the store lacks. Refuses a store that has more than `known` or other ones.
Result<void> migrate(Connection& writer, std::span<const Migration> known);

}  // namespace hallmark::store
