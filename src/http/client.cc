#include "http/client.h"

#include <curl/curl.h>

#include <algorithm>
#include <array>
#include <limits>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/guarded.h"
#include "base/handle.h"
#include "base/mutex.h"
#include "http/client_request.h"
#include "http/loopback.h"

namespace hallmark::http {
namespace {

using std::chrono::milliseconds;

// What a document or an answer of ours never needs.
constexpr std::size_t response_header_bytes_max = 64 * 1024;
constexpr long final_status_min = 200;  // below it are interim answers
constexpr long stalled_bytes_per_second = 64;
constexpr long upload_buffer_bytes = 256 * 1024;

using Easy = Handle<CURL, curl_easy_cleanup>;
using FieldList = Handle<curl_slist, curl_slist_free_all>;

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
  Transfer(const ClientRequest& request, CURL* easy)
      : request_(request), incoming_(request.response_bytes_max), easy_(easy) {}
  // The handle knows the parts of this.
  ~Transfer() { curl_easy_reset(easy_); }
  Transfer(const Transfer&) = delete;
  Transfer& operator=(const Transfer&) = delete;

  Result<ClientResponse> run() {
    TRY(set_fields());
    set_rules();
    set_peer();
    set_message();
    if (code_ == CURLE_OK) code_ = curl_easy_perform(easy_);
    if (failure_) return *std::move(failure_);
    if (code_ != CURLE_OK) return error();
    long status = 0;
    code_ = curl_easy_getinfo(easy_, CURLINFO_RESPONSE_CODE, &status);
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
    if (code_ == CURLE_OK) code_ = curl_easy_setopt(easy_, option, value);
  }

  // Never zero, which means none to libcurl.
  void set_deadline(CURLoption option, milliseconds deadline) {
    constexpr long longest = std::numeric_limits<int>::max();
    set(option, std::clamp(long(deadline.count()), 1L, longest));
  }

  void set_rules();
  void set_peer();
  void set_message();
  void set_source_body();
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

  Result<std::size_t> read_source(MutableByteView into) {
    const SourceBody& body = request_.source_body;
    const std::uint64_t count = std::min<std::uint64_t>(into.size(), body.length - sent_);
    TRY(body.source->read_at(body.offset + sent_, into.first(std::size_t(count))));
    sent_ += count;
    return std::size_t(count);
  }
  static std::size_t on_read(char* into, std::size_t, std::size_t size, void* self) noexcept {
    auto& transfer = *static_cast<Transfer*>(self);
    auto* const bytes = reinterpret_cast<std::uint8_t*>(into);
    auto count = guarded([&] { return transfer.read_source({bytes, size}); });
    if (count) return *count;
    transfer.failure_ = std::move(count.error());
    return CURL_READFUNC_ABORT;
  }
  // Only ever back to the start, to send everything again.
  static int on_seek(void* self, curl_off_t offset, int origin) noexcept {
    if (offset != 0 || origin != SEEK_SET) return CURL_SEEKFUNC_FAIL;
    static_cast<Transfer*>(self)->sent_ = 0;
    return CURL_SEEKFUNC_OK;
  }

  const ClientRequest& request_;
  FieldList fields_;
  std::array<char, CURL_ERROR_SIZE> error_text_{};
  CURLcode code_ = CURLE_OK;
  Incoming incoming_;
  std::optional<Error> failure_;  // found by a callback
  std::uint64_t sent_ = 0;        // of the source body
  CURL* const easy_;
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
  if (request_.stall_deadline.count() > 0) {
    set(CURLOPT_LOW_SPEED_LIMIT, stalled_bytes_per_second);
    set(CURLOPT_LOW_SPEED_TIME, long(request_.stall_deadline.count()));
  }
  if (!request_.unix_socket_path.empty()) {
    set(CURLOPT_UNIX_SOCKET_PATH, request_.unix_socket_path);
  }
  if (!request_.unix_socket_path.empty() || is_loopback_url(request_.url)) {
    set(CURLOPT_PROXY, "");  // not those of the environment either
  }
  if (!request_.ca_file.empty()) {
    set(CURLOPT_CAINFO, request_.ca_file);
    set_pointer(CURLOPT_CAPATH, nullptr);
  }
  if (!request_.certificate_file.empty()) {
    set(CURLOPT_SSLCERT, request_.certificate_file);
    set(CURLOPT_SSLKEY, request_.key_file.empty() ? request_.certificate_file : request_.key_file);
    set(CURLOPT_KEYPASSWD, "");  // of a key that has one: an error, and no question at a terminal
  }
}

void Transfer::set_message() {
  set_callback(CURLOPT_HEADERFUNCTION, on_bytes<&Incoming::add_header_line>);
  set_pointer(CURLOPT_HEADERDATA, this);
  set_callback(CURLOPT_WRITEFUNCTION, on_bytes<&Incoming::add_body>);
  set_pointer(CURLOPT_WRITEDATA, this);
  set_pointer(CURLOPT_HTTPHEADER, fields_.get());
  if (request_.method == Method::head) return set(CURLOPT_NOBODY, 1);
  if (request_.source_body.source != nullptr) return set_source_body();
  const bool has_content = !request_.body.empty() || request_.method == Method::post ||
                           request_.method == Method::put || request_.method == Method::patch;
  if (has_content) {
    set_value(CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(request_.body.size()));
    set(CURLOPT_POSTFIELDS, request_.body);  // not copied: the request outlives this
  }
  set(CURLOPT_CUSTOMREQUEST, std::string(name_of(request_.method)));
}

void Transfer::set_source_body() {
  set(CURLOPT_UPLOAD, 1);
  set(CURLOPT_UPLOAD_BUFFERSIZE, upload_buffer_bytes);
  set_value(CURLOPT_INFILESIZE_LARGE, curl_off_t(request_.source_body.length));
  set_callback(CURLOPT_READFUNCTION, on_read);
  set_pointer(CURLOPT_READDATA, this);
  set_value(CURLOPT_SEEKFUNCTION, &Transfer::on_seek);
  set_pointer(CURLOPT_SEEKDATA, this);
}

Result<void> Transfer::set_fields() {
  // Without them libcurl would wait for 100 Continue, and call every body a form.
  if (request_.source_body.source == nullptr) TRY(append_field("Expect:"));
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
  const auto got = curl_easy_getinfo(easy_, CURLINFO_PRETRANSFER_TIME_T, &until_then);
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
    case CURLE_SSL_CERTPROBLEM:
      return {ErrorKind::invalid, "The client's certificate or its key cannot be used.", detail};
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

Result<Easy> new_handle() {
  TRY(initialise());
  Easy easy(curl_easy_init());
  if (!easy) return unavailable("libcurl gave no handle");
  return easy;
}

}  // namespace

Result<ClientResponse> fetch(const ClientRequest& request) {
  return guarded([&]() -> Result<ClientResponse> {
    TRY(check(request));
    TRY(const auto easy, new_handle());
    return Transfer(request, easy.get()).run();
  });
}

// A handle keeps its connections when it is reset.
struct Client::Idle {
  explicit Idle(std::size_t max) : handles_max(max) {}

  Mutex mutex;
  std::vector<Easy> handles GUARDED_BY(mutex);
  const std::size_t handles_max;

  Result<Easy> take() {
    {
      const MutexLock lock(mutex);
      if (!handles.empty()) {
        Easy easy = std::move(handles.back());
        handles.pop_back();
        return easy;
      }
    }
    return new_handle();
  }
  void put_back(Easy easy) {
    const MutexLock lock(mutex);
    if (handles.size() < handles_max) handles.push_back(std::move(easy));
  }
};

Client::Client(std::size_t idle_max) : idle_(std::make_unique<Idle>(idle_max)) {}
Client::~Client() = default;

Result<ClientResponse> Client::fetch(const ClientRequest& request) {
  return guarded([&]() -> Result<ClientResponse> {
    TRY(check(request));
    TRY(auto easy, idle_->take());
    auto response = Transfer(request, easy.get()).run();
    idle_->put_back(std::move(easy));
    return response;
  });
}

}  // namespace hallmark::http
