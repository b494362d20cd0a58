// XML of ours, written in a fixed order: what the answers of AWS Query need, and no more.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace hallmark::api {

// Calls nest as the elements do; names are literals. Text is escaped, and what XML 1.0 cannot carry
// is replaced by '?', so the output is always well-formed.
class XmlWriter {
 public:
  XmlWriter& begin(std::string_view name);
  // The same with a namespace.
  XmlWriter& begin(std::string_view name, std::string_view xmlns);
  XmlWriter& end(std::string_view name);
  XmlWriter& element(std::string_view name, std::string_view text);
  XmlWriter& element(std::string_view name, std::int64_t number);
  XmlWriter& raw(std::string_view xml);  // trusted XML, as it is

  std::string take() { return std::move(out_); }

 private:
  std::string out_;
};

}  // namespace hallmark::api
