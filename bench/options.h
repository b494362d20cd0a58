// The words `name=value` after a verb of hallmark_bench.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace hallmark::bench {

class Options {
 public:
  // Invalid: a word without "=".
  static Result<Options> parse(const std::vector<std::string>& words);

  // The value, or what stands for one that is not given. A number that is none counts as 0.
  std::string text(std::string_view name, std::string_view otherwise) const;
  double number(std::string_view name, double otherwise) const;

 private:
  std::map<std::string, std::string, std::less<>> values_;
};

}  // namespace hallmark::bench
