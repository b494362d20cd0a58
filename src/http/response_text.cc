#include "http/response_text.h"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "http/ascii.h"

namespace hallmark::http {
namespace {

constexpr std::size_t head_bytes_typical = 512;

struct Reason {
  int status;
  std::string_view text;
};

// RFC 9110 §15, RFC 6585. An empty reason is allowed where a status is missing here.
constexpr std::array reasons = {
    Reason{200, "OK"},
    Reason{201, "Created"},
    Reason{202, "Accepted"},
    Reason{204, "No Content"},
    Reason{206, "Partial Content"},
    Reason{301, "Moved Permanently"},
    Reason{302, "Found"},
    Reason{303, "See Other"},
    Reason{304, "Not Modified"},
    Reason{307, "Temporary Redirect"},
    Reason{308, "Permanent Redirect"},
    Reason{400, "Bad Request"},
    Reason{401, "Unauthorized"},
    Reason{402, "Payment Required"},
    Reason{403, "Forbidden"},
    Reason{404, "Not Found"},
    Reason{405, "Method Not Allowed"},
    Reason{406, "Not Acceptable"},
    Reason{408, "Request Timeout"},
    Reason{409, "Conflict"},
    Reason{410, "Gone"},
    Reason{411, "Length Required"},
    Reason{412, "Precondition Failed"},
    Reason{413, "Content Too Large"},
    Reason{415, "Unsupported Media Type"},
    Reason{422, "Unprocessable Content"},
    Reason{424, "Failed Dependency"},
    Reason{428, "Precondition Required"},
    Reason{429, "Too Many Requests"},
    Reason{500, "Internal Server Error"},
    Reason{501, "Not Implemented"},
    Reason{502, "Bad Gateway"},
    Reason{503, "Service Unavailable"},
    Reason{504, "Gateway Timeout"},
};

std::string_view reason_of(int status) {
  const auto* const found = std::ranges::find(reasons, status, &Reason::status);
  return found == reasons.end() ? "" : found->text;
}

bool is_ours(std::string_view name) {
  static constexpr std::array<std::string_view, 5> names = {"Date", "Server", "Content-Length",
                                                            "Connection", "Transfer-Encoding"};
  return std::ranges::any_of(names, [&](auto ours) { return equal_without_case(ours, name); });
}

// What a handler copies from a request into a field must not be able to end the field.
bool is_safe(const Headers::Field& field) {
  const auto is_value_character = [](char c) {
    return c == '\t' || (static_cast<unsigned char>(c) >= ' ' && c != '\x7f');
  };
  return !field.name.empty() && std::ranges::all_of(field.name, is_token_character) &&
         std::ranges::all_of(field.value, is_value_character);
}

void append_field(std::string& text, std::string_view name, std::string_view value) {
  text.append(name).append(": ").append(value).append("\r\n");
}

bool status_has_content(int status) { return status != 204 && status != 304; }

}  // namespace

Result<std::string> text_of(const Response& response, const AnswerFrame& frame) {
  if (response.status < 200 || response.status > 599) {
    return internal_error(fmt::format("{} is no status of an answer", response.status));
  }
  const bool has_content = status_has_content(response.status);
  std::string text;
  text.reserve(head_bytes_typical + response.body.size());
  text.append("HTTP/1.1 ").append(fmt::format_int(response.status).c_str()).append(" ");
  text.append(reason_of(response.status)).append("\r\n");
  append_field(text, "Date", frame.date);
  append_field(text, "Server", "hallmark");
  if (has_content) {
    append_field(text, "Content-Length", fmt::format_int(response.body.size()).c_str());
  }
  if (frame.after == AfterAnswer::close) append_field(text, "Connection", "close");
  for (const Headers::Field& field : response.headers.fields()) {
    if (is_ours(field.name)) continue;
    if (!is_safe(field)) return internal_error("a field of the answer has a wrong character");
    append_field(text, field.name, field.value);
  }
  text.append("\r\n");
  if (has_content && frame.to == AnswerTo::other) text.append(response.body);
  return text;
}

std::string_view DateText::at(Timestamp time) {
  const std::int64_t seconds = unix_seconds(time);
  if (seconds != std::exchange(seconds_, seconds)) text_ = to_http_date(time);
  return text_;
}

}  // namespace hallmark::http
