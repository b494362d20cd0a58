#include "http/framing.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <string>
#include <utility>

#include <boost/beast/http/basic_parser.hpp>

#include "http/ascii.h"
#include "http/target.h"

namespace hallmark::http {
namespace {

namespace beast = boost::beast;

Error bad(std::string message) { return {ErrorKind::bad_request, std::move(message), {}}; }
Error too_large(std::string message) { return {ErrorKind::too_large, std::move(message), {}}; }

// Beast's tokeniser, which refuses wrong characters, versions and contradictory lengths. It takes
// some things for granted that a server must not (RFC 9112 §3.2, §5.2, §6.1): those are checked
// before, on the raw lines, and after, on the fields. It never sees a body.
class Tokens final : public beast::http::basic_parser<true> {
 public:
  explicit Tokens(std::size_t head_bytes) {
    header_limit(std::uint32_t(head_bytes + 1));
    body_limit(boost::none);
  }

  std::string_view method;  // borrowed from the parsed bytes, like the target
  std::string_view target;
  int version = 0;
  Headers headers;

 private:
  static std::string_view view(beast::string_view text) { return {text.data(), text.size()}; }

  void on_request_impl(beast::http::verb, beast::string_view method_text,
                       beast::string_view target_text, int version_number,
                       beast::error_code&) override {
    method = view(method_text);
    target = view(target_text);
    version = version_number;
  }
  void on_field_impl(beast::http::field, beast::string_view name, beast::string_view value,
                     beast::error_code&) override {
    headers.add(view(name), view(value));
  }
  void on_response_impl(int, beast::string_view, int, beast::error_code&) override {}
  void on_header_impl(beast::error_code&) override {}
  void on_body_init_impl(const boost::optional<std::uint64_t>&, beast::error_code&) override {}
  std::size_t on_body_impl(beast::string_view, beast::error_code&) override { return 0; }
  void on_chunk_header_impl(std::uint64_t, beast::string_view, beast::error_code&) override {}
  std::size_t on_chunk_body_impl(std::uint64_t, beast::string_view, beast::error_code&) override {
    return 0;
  }
  void on_finish_impl(beast::error_code&) override {}
};

Result<Method> parse_method(std::string_view name) {
  static constexpr std::array methods = {Method::get,  Method::put,   Method::post,   Method::del,
                                         Method::head, Method::patch, Method::options};
  const auto* const found = std::ranges::find(methods, name, name_of);
  if (found == methods.end()) return bad("The method is not known.");
  return *found;
}

// Beast's reason for a refusal, where it is more than "the characters are wrong".
Error refusal_of(const beast::error_code& code, const Tokens& tokens) {
  const bool is_transfer_encoding = code == beast::http::error::bad_transfer_encoding ||
                                    tokens.headers.count("Transfer-Encoding") > 0;
  if (is_transfer_encoding) {
    return {ErrorKind::length_required, "Transfer-Encoding is not supported.", code.message()};
  }
  return {ErrorKind::bad_request, "The request's header is not valid HTTP/1.1.", code.message()};
}

Result<void> check_sizes(const Tokens& tokens, std::size_t head_bytes, const ServerLimits& limits) {
  if (tokens.target.size() > limits.target_bytes_max) {
    return too_large("The request target is too long.");
  }
  if (head_bytes - tokens.target.size() > limits.header_bytes_max) {
    return too_large("The request's header is too large.");
  }
  if (tokens.headers.fields().size() > limits.header_fields_max) {
    return too_large("The request's header has too many fields.");
  }
  return {};
}

// RFC 9110 §8.6 allows leading zeros and equal values repeated; no client sends them, and programs
// differ in how they read them.
Result<std::size_t> body_size(const Headers& headers, const ServerLimits& limits) {
  if (headers.count("Content-Length") == 0) return std::size_t(0);
  const auto text = headers.find("Content-Length");
  if (!text) return bad("Content-Length is given more than once.");
  if (text->empty() || !std::ranges::all_of(*text, is_digit) ||
      (text->size() > 1 && text->starts_with('0'))) {
    return bad("Content-Length is not a number.");
  }
  std::size_t bytes = 0;
  const auto parsed = std::from_chars(text->data(), text->data() + text->size(), bytes);
  if (parsed.ec != std::errc() || bytes > limits.body_bytes_max) {
    return too_large("The request's body is too large.");
  }
  return bytes;
}

// Expect knows one value (RFC 9110 §10.1.1).
Result<bool> expects_continue(const Headers& headers) {
  if (headers.count("Expect") == 0) return false;
  const auto expectation = headers.find("Expect");
  if (!expectation || !equal_without_case(*expectation, "100-continue")) {
    return bad("The expectation is not known.");
  }
  return true;
}

Result<std::string_view> only_host(const Headers& headers) {
  const auto host = headers.find("Host");
  if (!host) return bad("There is not exactly one Host field.");
  TRY(check_host(*host));
  return *host;
}

}  // namespace

Result<std::optional<std::size_t>> HeadScanner::scan(std::string_view bytes) {
  while (seen_ < bytes.size()) {
    const std::size_t feed = bytes.find('\n', seen_);
    const bool is_whole = feed != std::string_view::npos;
    const std::size_t line_end = is_whole ? feed + 1 : bytes.size();
    // A CR stands only before its LF; one at the very end may still get it.
    const std::size_t carriage = bytes.substr(0, line_end).find('\r', seen_);
    const bool is_pending = carriage == bytes.size() - 1;
    const bool is_wrong =
        is_whole ? carriage + 1 != feed : carriage != std::string_view::npos && !is_pending;
    if (is_wrong) return bad("A line of the request's header does not end with CR LF.");

    const std::string_view line = bytes.substr(line_begin_, line_end - line_begin_);
    TRY(check_line(line));
    if (!is_whole) {
      seen_ = is_pending ? carriage : bytes.size();
      break;
    }
    if (line.size() == 2) return std::optional(line_end);
    line_begin_ = seen_ = line_end;
  }
  if (bytes.size() > bytes_max_) return too_large("The request's header is too large.");
  return std::optional<std::size_t>();
}

// The first characters of a line, complete or not.
Result<void> HeadScanner::check_line(std::string_view line) const {
  const char first = line.front();
  if (line_begin_ == 0 && !is_letter(first)) return bad("The request begins with no method.");
  // RFC 9112 §5.2: a server that gets a folded line must refuse or unfold it.
  if (first == ' ' || first == '\t') return bad("A line of the request's header is folded.");
  return {};
}

Result<RequestHead> parse_head(std::string_view head, const ServerLimits& limits) {
  Tokens tokens(head.size());
  beast::error_code code;
  const std::size_t used = tokens.put(boost::asio::buffer(head), code);
  if (code) return refusal_of(code, tokens);
  if (used != head.size() || !tokens.is_header_done()) return bad("The header is not complete.");

  if (tokens.version != 11) return bad("The HTTP version is not 1.1.");
  if (tokens.headers.count("Transfer-Encoding") > 0) return refusal_of(code, tokens);
  TRY(check_sizes(tokens, head.size(), limits));
  TRY(const Method method, parse_method(tokens.method));
  TRY(const std::string_view host, only_host(tokens.headers));
  TRY(const TargetParts parts, split_target(tokens.target, host));
  TRY(const std::size_t body_bytes, body_size(tokens.headers, limits));
  TRY(const bool expects, expects_continue(tokens.headers));

  RequestHead result;
  result.request.method = method;
  result.request.target = tokens.target;
  result.request.path = parts.path;
  result.request.query = parts.query;
  result.request.headers = std::move(tokens.headers);
  result.body_bytes = body_bytes;
  result.keep_alive = tokens.keep_alive();
  result.expects_continue = expects;
  return result;
}

}  // namespace hallmark::http
