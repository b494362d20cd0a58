// The text that Prometheus reads: families of samples (its exposition format 0.0.4).
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

#include "base/meters.h"

namespace hallmark::server {

struct Label {
  std::string_view name;   // a literal
  std::string_view value;  // a word of ours: escaped all the same
};
using Labels = std::initializer_list<Label>;

struct Family {
  std::string_view name;
  std::string_view type;  // "counter", "gauge" or "histogram"
  std::string_view help;
};

class MetricsText {
 public:
  // Begins a family; its samples follow.
  void family(const Family& family);
  void sample(Labels labels, double value);
  // One histogram of the family.
  void durations(Labels labels, const Durations& durations);
  // A family of one sample without labels.
  void single(const Family& family, double value);

  std::string take() { return std::move(text_); }

 private:
  void write(std::string_view suffix, Labels labels, std::string_view bound, double value);

  std::string text_;
  std::string name_;  // of the family
};

}  // namespace hallmark::server
