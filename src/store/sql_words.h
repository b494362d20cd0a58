// Words of our SQL that only one of the engines understands: "{by INDEX}", "{lock FOR UPDATE}".
#pragma once

#include <string>
#include <string_view>

namespace hallmark::store {

struct EngineWord {
  std::string_view name;     // "by"
  std::string_view becomes;  // what stands before its text: "INDEXED BY "
};

// The SQL with the engine's own word replaced by its text, and those of other engines left out.
std::string choose_words(std::string_view sql, const EngineWord& own);

}  // namespace hallmark::store
