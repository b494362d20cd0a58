// The log: one line an event on stderr, as logfmt (`time level message key=value …`), each written
// with one call, so that threads do not mix. Who, what, which, outcome; never a payload, a header
// or a key. Every value is escaped: nothing from outside can forge a line.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

namespace hallmark::log {

enum class Level { info, warning, error };

struct Field {
  std::string_view name;  // a literal
  std::string value;
};

// Any thread.
void write(Level level, std::string_view message, std::initializer_list<Field> fields);
inline void info(std::string_view m, std::initializer_list<Field> f = {}) {
  write(Level::info, m, f);
}
inline void warning(std::string_view m, std::initializer_list<Field> f = {}) {
  write(Level::warning, m, f);
}
inline void error(std::string_view m, std::initializer_list<Field> f = {}) {
  write(Level::error, m, f);
}

// One line as it would be written, without the time; for tests.
std::string render(Level level, std::string_view message, std::initializer_list<Field> fields);

}  // namespace hallmark::log
