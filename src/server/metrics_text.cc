#include "server/metrics_text.h"

#include <fmt/format.h>

namespace hallmark::server {
namespace {

std::string escaped(std::string_view value) {
  std::string text;
  for (const char c : value) {
    if (c == '\\' || c == '"') text += '\\';
    if (c == '\n') {
      text += "\\n";
    } else {
      text += c;
    }
  }
  return text;
}

std::string number(double value) { return fmt::format("{:.15g}", value); }

}  // namespace

void MetricsText::family(const Family& family) {
  name_ = family.name;
  text_ += fmt::format("# HELP {} {}\n# TYPE {} {}\n", name_, family.help, name_, family.type);
}

void MetricsText::sample(Labels labels, double value) { write({}, labels, {}, value); }

void MetricsText::single(const Family& one, double value) {
  family(one);
  sample({}, value);
}

void MetricsText::durations(Labels labels, const Durations& durations) {
  std::uint64_t count = 0;
  for (std::size_t i = 0; i < Durations::bounds_seconds.size(); ++i) {
    count += durations.in_bucket(i);
    write("_bucket", labels, number(Durations::bounds_seconds[i]), double(count));
  }
  count += durations.in_bucket(Durations::bounds_seconds.size());
  write("_bucket", labels, "+Inf", double(count));
  write("_sum", labels, {}, durations.sum_seconds());
  write("_count", labels, {}, double(count));
}

void MetricsText::write(std::string_view suffix, Labels labels, std::string_view bound,
                        double value) {
  text_ += name_;
  text_ += suffix;
  std::string inside;
  const auto add = [&](std::string_view name, std::string_view of) {
    inside += fmt::format("{}{}=\"{}\"", inside.empty() ? "" : ",", name, escaped(of));
  };
  for (const Label& label : labels) add(label.name, label.value);
  if (!bound.empty()) add("le", bound);
  if (!inside.empty()) text_ += fmt::format("{{{}}}", inside);
  text_ += fmt::format(" {}\n", number(value));
}

}  // namespace hallmark::server
