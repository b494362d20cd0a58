#include "http/client_request.h"

#include <array>

namespace hallmark::http {
namespace {

bool begins_with(std::string_view text, std::string_view beginning) {
  return equal_without_case(text.substr(0, beginning.size()), beginning);
}

bool is_ours(std::string_view name) {
  static constexpr std::array<std::string_view, 5> names = {"Host", "Content-Length", "Connection",
                                                            "Transfer-Encoding", "Expect"};
  return std::ranges::any_of(names, [&](auto ours) { return equal_without_case(ours, name); });
}

bool is_safe(std::string_view value) {
  return std::ranges::none_of(
      value, [](char c) { return (static_cast<unsigned char>(c) < ' ' && c != '\t') || c == 127; });
}

// libcurl sends a field as it is, line ends and all.
Result<void> check_fields(const Headers& headers) {
  for (const Headers::Field& field : headers.fields()) {
    if (!is_name(field.name) || !is_safe(field.value)) {
      return invalid("A field of the request has a wrong character.");
    }
    if (is_ours(field.name)) return invalid(field.name + " is not for the caller to set.");
  }
  return {};
}

}  // namespace

Result<void> check(const ClientRequest& request) {
  if (!begins_with(request.url, "http://") && !begins_with(request.url, "https://")) {
    return invalid("The URL does not begin with http:// or https://.");
  }
  const std::array<const std::string*, 5> c_strings = {&request.url, &request.unix_socket_path,
                                                       &request.ca_file, &request.certificate_file,
                                                       &request.key_file};
  for (const std::string* text : c_strings) {
    if (!is_safe(*text)) return invalid("A URL or path has a control character.");
  }
  if (request.method == Method::head && !request.body.empty()) {
    return invalid("A HEAD request has no body.");
  }
  if (request.source_body.source != nullptr &&
      (request.method != Method::put || !request.body.empty())) {
    return invalid("Only a PUT request without another body sends a source.");
  }
  return check_fields(request.headers);
}

}  // namespace hallmark::http
