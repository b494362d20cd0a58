#include "http/client.h"

#include <curl/curl.h>

#include <algorithm>
#include <array>
#include <limits>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "base/guarded.h"
#include "http/ascii.h"

namespace hallmark::http {
namespace {

using std::chrono::milliseconds;

// What a document or an answer of ours never needs.
constexpr std::size_t response_header_bytes_max = 64 * 1024;
constexpr long final_status_min = 200;  // below it are interim answers

template <auto f>
struct Frees {
  void operator()(auto* pointer) const noexcept { f(pointer); }
};
using Easy = std::unique_ptr<CURL, Frees<curl_easy_cleanup>>;
using FieldList = std::unique_ptr<curl_slist, Frees<curl_slist_free_all>>;

// libcurl asks for this once in a process, before all else; the end of the process cleans up.
Result<void> initialise() {
  static const CURLcode code = curl_global_init(CURL_GLOBAL_DEFAULT);
  if (code != CURLE_OK) return internal_error("libcurl cannot be initialised");
  return {};
}

// For the log: a query may hold what is nobody's business.
std::string peer_of(const ClientRequest& request) {
  if (!request.unix_socket_path.empty()) return request.unix_socket_path;
  return request.url.substr(0, request.url.find('?'));
}

Error broken_off(std::string detail) {
  return {ErrorKind::unavailable, "The exchange with the server broke off.", std::move(detail)};
}

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

bool is_name(std::string_view name) {
  return !name.empty() && std::ranges::all_of(name, is_token_character);
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

Result<void> check(const ClientRequest& request) {
  if (!begins_with(request.url, "http://") && !begins_with(request.url, "https://")) {
    return invalid("The URL does not begin with http:// or https://.");
  }
  const std::array<const std::string*, 3> c_strings = {&request.url, &request.unix_socket_path,
                                                       &request.ca_file};
  for (const std::string* text : c_strings) {
    if (!is_safe(*text)) return invalid("A URL or path has a control character.");
  }
  if (request.method == Method::head && !request.body.empty()) {
    return invalid("A HEAD request has no body.");
  }
  return check_fields(request.headers);
}

// What comes, held against what may come.
class Incoming {
 public:
  explicit Incoming(std::size_t body_bytes_max) : body_bytes_max_(body_bytes_max) {}

  Result<void> add_body(std::string_view bytes) {
    if (bytes.size() > body_bytes_max_ - response_.body.size()) return too_large();
    response_.body.append(bytes);
    return {};
  }

  // One line, with its end. Only the last head counts: those before are interim answers. Trailers
  // are left out, because they were not there when the answer began (RFC 9110 §6.5.1).
  Result<void> add_header_line(std::string_view line) {
    header_bytes_ += line.size();
    if (header_bytes_ > response_header_bytes_max) return too_large();
    while (line.ends_with('\n') || line.ends_with('\r')) line.remove_suffix(1);
    if (line.starts_with("HTTP/")) {
      response_.headers = {};
      is_head_whole_ = false;
      return {};
    }
    if (line.empty()) is_head_whole_ = true;
    if (is_head_whole_) return {};
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos || !is_name(line.substr(0, colon))) {
      return Error{ErrorKind::unavailable, "The server does not speak HTTP.", "a malformed field"};
    }
    response_.headers.add(line.substr(0, colon), trimmed(line.substr(colon + 1)));
    return {};
  }

  // libcurl takes the end of the connection for the end of the head.
  bool is_head_whole() const { return is_head_whole_; }
  ClientResponse take() { return std::move(response_); }

 private:
  static Error too_large() {
    return {ErrorKind::too_large, "The server's answer is too large.", {}};
  }
  static std::string_view trimmed(std::string_view text) {
    const std::size_t begin = text.find_first_not_of(" \t");
    if (begin == std::string_view::npos) return {};
    return text.substr(begin, text.find_last_not_of(" \t") + 1 - begin);
  }

  const std::size_t body_bytes_max_;
  std::size_t header_bytes_ = 0;
  bool is_head_whole_ = false;
  ClientResponse response_;
};

// One request on a handle of libcurl. Used once.
class Transfer {
 public:
  explicit Transfer(const ClientRequest& request)
      : request_(request), incoming_(request.response_bytes_max), easy_(curl_easy_init()) {}

  Result<ClientResponse> run() {
    if (!easy_) return unavailable("libcurl gave no handle");
    TRY(set_fields());
    set_rules();
    set_peer();
    set_message();
    if (code_ == CURLE_OK) code_ = curl_easy_perform(easy_.get());
    if (failure_) return *std::move(failure_);
    if (code_ != CURLE_OK) return error();
    long status = 0;
    code_ = curl_easy_getinfo(easy_.get(), CURLINFO_RESPONSE_CODE, &status);
    if (code_ != CURLE_OK) return error();
    if (status < final_status_min || !incoming_.is_head_whole()) return broken_off("no whole head");
    ClientResponse response = incoming_.take();
    response.status = int(status);
    return response;
  }

 private:
  using Callback = std::size_t (*)(char*, std::size_t, std::size_t, void*);

  // curl_easy_setopt takes anything for its value: these give each option the type it reads. After
  // the first that fails nothing is done any more.
  void set(CURLoption option, long value) { set_value(option, value); }
  void set(CURLoption option, const std::string& value) { set_value(option, value.c_str()); }
  void set_pointer(CURLoption option, void* value) { set_value(option, value); }
  void set_callback(CURLoption option, Callback value) { set_value(option, value); }
  template <class T>
  void set_value(CURLoption option, T value) {
    if (code_ == CURLE_OK) code_ = curl_easy_setopt(easy_.get(), option, value);
  }

  // Never zero, which means none to libcurl.
  void set_deadline(CURLoption option, milliseconds deadline) {
    constexpr long longest = std::numeric_limits<int>::max();
    set(option, std::clamp(long(deadline.count()), 1L, longest));
  }

  void set_rules();
  void set_peer();
  void set_message();
  Result<void> set_fields();
  Result<void> append_field(const std::string& line);
  Error error() const;
  bool was_reached() const;

  template <auto take>
  static std::size_t on_bytes(char* bytes, std::size_t, std::size_t size, void* self) noexcept {
    auto& transfer = *static_cast<Transfer*>(self);
    auto taken = guarded([&] { return (transfer.incoming_.*take)({bytes, size}); });
    if (taken) return size;
    if (!transfer.failure_) transfer.failure_ = std::move(taken.error());
    return CURL_WRITEFUNC_ERROR;
  }

  const ClientRequest& request_;
  FieldList fields_;
  std::array<char, CURL_ERROR_SIZE> error_text_{};
  CURLcode code_ = CURLE_OK;
  Incoming incoming_;
  std::optional<Error> failure_;  // found by a callback
  const Easy easy_;               // ends first: it knows the others
};

// What holds for every request.
void Transfer::set_rules() {
  set_pointer(CURLOPT_ERRORBUFFER, error_text_.data());
  set(CURLOPT_NOSIGNAL, 1);
  set(CURLOPT_PROTOCOLS_STR, "http,https");
  set(CURLOPT_FOLLOWLOCATION, 0);
  set(CURLOPT_DISALLOW_USERNAME_IN_URL, 1);
  set(CURLOPT_NETRC, CURL_NETRC_IGNORED);
  set(CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1);
  set(CURLOPT_HTTP09_ALLOWED, 0);
  set(CURLOPT_PATH_AS_IS, 1);
  set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1);  // a proxy's are not the peer's
  set(CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2);
  set(CURLOPT_SSL_VERIFYPEER, 1);
  set(CURLOPT_SSL_VERIFYHOST, 2);  // 2 is "yes": the name must fit
}

void Transfer::set_peer() {
  set(CURLOPT_URL, request_.url);
  set_deadline(CURLOPT_CONNECTTIMEOUT_MS, request_.connect_deadline);
  set_deadline(CURLOPT_TIMEOUT_MS, request_.request_deadline);
  if (!request_.unix_socket_path.empty()) {
    set(CURLOPT_UNIX_SOCKET_PATH, request_.unix_socket_path);
    set(CURLOPT_PROXY, "");  // not those of the environment either
  }
  if (!request_.ca_file.empty()) {
    set(CURLOPT_CAINFO, request_.ca_file);
    set_pointer(CURLOPT_CAPATH, nullptr);
  }
}

void Transfer::set_message() {
  set_callback(CURLOPT_HEADERFUNCTION, on_bytes<&Incoming::add_header_line>);
  set_pointer(CURLOPT_HEADERDATA, this);
  set_callback(CURLOPT_WRITEFUNCTION, on_bytes<&Incoming::add_body>);
  set_pointer(CURLOPT_WRITEDATA, this);
  set_pointer(CURLOPT_HTTPHEADER, fields_.get());
  if (request_.method == Method::head) return set(CURLOPT_NOBODY, 1);
  const bool has_content = !request_.body.empty() || request_.method == Method::post ||
                           request_.method == Method::put || request_.method == Method::patch;
  if (has_content) {
    set_value(CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(request_.body.size()));
    set(CURLOPT_POSTFIELDS, request_.body);  // not copied: the request outlives this
  }
  set(CURLOPT_CUSTOMREQUEST, std::string(name_of(request_.method)));
}

Result<void> Transfer::set_fields() {
  // Without them libcurl would wait for 100 Continue, and call every body a form.
  TRY(append_field("Expect:"));
  if (request_.headers.count("Content-Type") == 0) TRY(append_field("Content-Type:"));
  for (const auto& [name, value] : request_.headers.fields()) {
    // "Name:" would leave the field out.
    TRY(append_field(value.empty() ? name + ";" : fmt::format("{}: {}", name, value)));
  }
  return {};
}

Result<void> Transfer::append_field(const std::string& line) {
  curl_slist* const longer = curl_slist_append(fields_.get(), line.c_str());
  if (longer == nullptr) return unavailable("no memory for the fields of a request");
  static_cast<void>(fields_.release());  // it is a part of the longer one
  fields_.reset(longer);
  return {};
}

// Whether the request could begin: a TCP connection alone is not yet the server.
bool Transfer::was_reached() const {
  curl_off_t until_then = 0;
  const auto got = curl_easy_getinfo(easy_.get(), CURLINFO_PRETRANSFER_TIME_T, &until_then);
  return got == CURLE_OK && until_then > 0;
}

Error Transfer::error() const {
  const char* const what = error_text_[0] != '\0' ? error_text_.data() : curl_easy_strerror(code_);
  std::string detail = fmt::format("{}: {}", peer_of(request_), what);
  switch (code_) {
    case CURLE_URL_MALFORMAT:
    case CURLE_LOGIN_DENIED:
      // Not in the detail: it may hold a password.
      return {ErrorKind::invalid, "The URL is malformed or names a user.", {}};
    case CURLE_SSL_CACERT_BADFILE:
      return {ErrorKind::invalid, "The certificate authorities cannot be read.", detail};
    case CURLE_PEER_FAILED_VERIFICATION:
      return {ErrorKind::unavailable, "The server's certificate is not trusted.", detail};
    case CURLE_COULDNT_CONNECT:
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY:
      return {ErrorKind::unavailable, "The server cannot be reached.", detail};
    case CURLE_OPERATION_TIMEDOUT:
      if (was_reached()) return {ErrorKind::too_slow, "The server answers too slowly.", detail};
      return {ErrorKind::unavailable, "The server cannot be reached in time.", detail};
    case CURLE_UNSUPPORTED_PROTOCOL:
    case CURLE_WEIRD_SERVER_REPLY:
      return {ErrorKind::unavailable, "The server does not speak HTTP.", detail};
    case CURLE_OUT_OF_MEMORY: return unavailable(detail);
    case CURLE_UNKNOWN_OPTION:
    case CURLE_NOT_BUILT_IN:
    case CURLE_BAD_FUNCTION_ARGUMENT: return internal_error(detail);
    default: return broken_off(detail);
  }
}

}  // namespace

Result<ClientResponse> fetch(const ClientRequest& request) {
  return guarded([&]() -> Result<ClientResponse> {
    TRY(initialise());
    TRY(check(request));
    return Transfer(request).run();
  });
}

}  // namespace hallmark::http
