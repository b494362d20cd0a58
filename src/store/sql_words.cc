#include "store/sql_words.h"

#include "base/check.h"

namespace hallmark::store {

std::string choose_words(std::string_view sql, const EngineWord& own) {
  std::string text;
  while (!sql.empty()) {
    const auto open = sql.find('{');
    text += sql.substr(0, open);
    if (open == std::string_view::npos) break;
    sql.remove_prefix(open + 1);
    const auto close = sql.find('}');
    CHECK(close != std::string_view::npos);  // our own SQL
    const std::string_view word = sql.substr(0, close);
    const auto space = word.find(' ');
    if (space != std::string_view::npos && word.substr(0, space) == own.name) {
      text += own.becomes;
      text += word.substr(space + 1);
    }
    sql.remove_prefix(close + 1);
  }
  return text;
}

}  // namespace hallmark::store
