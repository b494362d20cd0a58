#include "api/sts/xml.h"

#include <fmt/format.h>

#include "base/printable.h"

namespace hallmark::api {
namespace {

std::string escaped(std::string_view text) {
  const bool as_it_is = is_printable(text);
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    const bool is_ascii = c >= ' ' && c <= '~';
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      case '\'': out += "&apos;"; break;
      default: out += as_it_is || is_ascii ? c : '?';
    }
  }
  return out;
}

}  // namespace

XmlWriter& XmlWriter::begin(std::string_view name) {
  out_ += fmt::format("<{}>", name);
  return *this;
}

XmlWriter& XmlWriter::begin(std::string_view name, std::string_view xmlns) {
  out_ += fmt::format("<{} xmlns=\"{}\">", name, escaped(xmlns));
  return *this;
}

XmlWriter& XmlWriter::end(std::string_view name) {
  out_ += fmt::format("</{}>", name);
  return *this;
}

XmlWriter& XmlWriter::element(std::string_view name, std::string_view text) {
  out_ += fmt::format("<{0}>{1}</{0}>", name, escaped(text));
  return *this;
}

XmlWriter& XmlWriter::element(std::string_view name, std::int64_t number) {
  return element(name, fmt::format("{}", number));
}

XmlWriter& XmlWriter::raw(std::string_view xml) {
  out_ += xml;
  return *this;
}

}  // namespace hallmark::api
