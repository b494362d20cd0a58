#include <algorithm>
#include <concepts>
#include <list>
#include <string>
#include <utility>
#include <vector>

#include "base/ascii.h"
#include "base/encoding.h"
#include "sigv4/sigv4.h"

namespace hallmark::sigv4 {
namespace {

constexpr std::size_t parameters_usual = 16;  // of a query: most have fewer
constexpr std::size_t bytes_usual = 1024;     // of a canonical request, beside its query

// Calls `use` with each part of `text` between separators.
template <std::invocable<std::string_view> F>
void for_each_part(std::string_view text, char separator, F use) {
  while (true) {
    const std::size_t end = text.find(separator);
    use(text.substr(0, end));
    if (end == std::string_view::npos) return;
    text.remove_prefix(end + 1);
  }
}

// RFC 3986 §5.2.4, and no empty segments; then each segment, which is encoded already, is encoded
// once more.
std::string normalized_path(std::string_view path) {
  std::vector<std::string_view> segments;
  for_each_part(path, '/', [&](std::string_view segment) {
    if (segment.empty() || segment == ".") return;
    if (segment != "..") {
      segments.push_back(segment);
    } else if (!segments.empty()) {
      segments.pop_back();
    }
  });
  std::string normalized;
  normalized.reserve(path.size() + 32);
  for (const std::string_view segment : segments) {
    normalized += '/';
    normalized += percent_encode(segment);
  }
  if (segments.empty() || path.ends_with('/')) normalized += '/';
  return normalized;
}

std::string canonical_path(std::string_view path, PathStyle style) {
  switch (style) {
    case PathStyle::normalized: return normalized_path(path);
    case PathStyle::s3: return path.empty() ? "/" : std::string(path);
  }
  return {};
}

// However a client wrote it, one spelling: every byte but the unreserved ones as %XX in upper case.
// A '%' that begins no escape stands for itself.
std::string normalized_escapes(std::string_view text) {
  const auto decoded = percent_decode(text);
  return percent_encode(decoded ? *decoded : text);
}

std::string canonical_query(std::string_view query) {
  std::list<std::string> rewritten;
  const auto in_one_spelling = [&](std::string_view text) -> std::string_view {
    if (is_percent_encoded(text)) return text;  // as nearly all clients send it
    return rewritten.emplace_back(normalized_escapes(text));
  };
  std::vector<std::pair<std::string_view, std::string_view>> parameters;
  parameters.reserve(parameters_usual);
  for_each_part(query, '&', [&](std::string_view parameter) {
    if (parameter.empty()) return;
    const std::size_t equals = parameter.find('=');
    const auto value =
        equals == std::string_view::npos ? std::string_view() : parameter.substr(equals + 1);
    parameters.emplace_back(in_one_spelling(parameter.substr(0, equals)), in_one_spelling(value));
  });
  std::ranges::sort(parameters);
  std::string canonical;
  canonical.reserve(query.size() + 32);
  for (const auto& [name, value] : parameters) {
    if (!canonical.empty()) canonical += '&';
    canonical += name;
    canonical += '=';
    canonical += value;
  }
  return canonical;
}

// For find_if: find_first_of calls memchr for each character.
bool is_white(char c) { return c == ' ' || c == '\t'; }

bool is_named(std::string_view header, std::string_view lower_case_name) {
  return std::ranges::equal(header, lower_case_name, [](char a, char b) { return lower(a) == b; });
}

// Without white space at the ends, and one space for each run of it inside.
void append_trimmed(std::string& to, std::string_view value) {
  bool first = true;
  while (true) {
    const auto start = std::ranges::find_if_not(value, is_white);
    if (start == value.end()) return;
    const auto end = std::find_if(start, value.end(), is_white);
    if (!first) to += ' ';
    to.append(start, end);
    value = std::string_view(end, value.end());
    first = false;
  }
}

// "name:value,value\n". A header that is repeated is one list, in the order received (RFC 9110
// §5.3).
void append_header(std::string& to, std::string_view name, const RequestView& request) {
  to += name;
  char separator = ':';
  for (const auto& [header, value] : request.headers) {
    if (!is_named(header, name)) continue;
    to += separator;
    append_trimmed(to, value);
    separator = ',';
  }
  if (separator == ':') to += separator;
  to += '\n';
}

}  // namespace

std::string canonical_request(const RequestView& request,
                              const std::vector<std::string>& signed_headers,
                              std::string_view payload_sha256_hex, PathStyle style) {
  std::string canonical;
  canonical.reserve(bytes_usual + request.query.size());
  canonical += request.method;
  canonical += '\n';
  canonical += canonical_path(request.path, style);
  canonical += '\n';
  canonical += canonical_query(request.query);
  canonical += '\n';
  for (const std::string& name : signed_headers) append_header(canonical, name, request);
  char separator = '\n';
  for (const std::string& name : signed_headers) {
    canonical += separator;
    canonical += name;
    separator = ';';
  }
  canonical += '\n';
  canonical += payload_sha256_hex;
  return canonical;
}

}  // namespace hallmark::sigv4
