#include "objects/s3_client.h"

#include <algorithm>
#include <array>
#include <optional>

#include <fmt/format.h>

#include "base/encoding.h"
#include "base/log.h"
#include "crypto/digest.h"
#include "objects/s3_xml.h"
#include "sigv4/sigv4.h"

namespace hallmark::objects {
namespace {

using std::chrono::milliseconds;

constexpr std::size_t idle_connections_max = 8;
constexpr auto skew_min = std::chrono::minutes(5);  // less is no reason to refuse a request
constexpr auto skew_max = std::chrono::hours(24 * 7);
constexpr std::string_view hash_of_nothing =
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

// A source that remembers why it failed, so that its failure is not taken for the network's.
class WatchedBody final : public ReadAt {
 public:
  explicit WatchedBody(const ReadAt* source) : source_(source) {}
  std::uint64_t size() const override { return source_->size(); }
  Result<void> read_at(std::uint64_t offset, MutableByteView into) const override {
    auto read = source_->read_at(offset, into);
    if (!read) failure_ = read.error();
    return read;
  }
  const std::optional<Error>& failure() const { return failure_; }

 private:
  const ReadAt* const source_;
  mutable std::optional<Error> failure_;  // written by the one thread that sends
};

bool is_passing(const S3Answer& answer) {
  static constexpr std::array<std::string_view, 11> codes = {"InternalError",
                                                             "SlowDown",
                                                             "ServiceUnavailable",
                                                             "RequestTimeout",
                                                             "OperationAborted",
                                                             "ConditionalRequestConflict",
                                                             "Throttling",
                                                             "ThrottlingException",
                                                             "RequestLimitExceeded",
                                                             "TooManyRequests",
                                                             "BadDigest"};
  static constexpr std::array<int, 6> statuses = {408, 429, 500, 502, 503, 504};
  return std::ranges::find(statuses, answer.status) != statuses.end() ||
         std::ranges::find(codes, answer.code) != codes.end();
}

bool is_expired(const S3Answer& answer) {
  return answer.code == "ExpiredToken" || answer.code == "TokenRefreshRequired" ||
         answer.code == "ExpiredTokenException";
}

std::string query_of(const std::vector<std::pair<std::string, std::string>>& query) {
  std::string text;
  for (const auto& [name, value] : query) {
    if (!text.empty()) text += '&';
    text += percent_encode(name);
    if (!value.empty()) text += "=" + percent_encode(value);
  }
  return text;
}

S3Answer answer_of(const S3Request& request, http::ClientResponse response) {
  S3Answer answer{response.status, std::move(response.headers), std::move(response.body), {}};
  const bool is_success = answer.status >= 200 && answer.status < 300;
  if (is_success && request.answers == S3Body::content) return answer;
  if (auto fault = find_fault(answer.body)) {
    answer.code = fault->code.empty() ? "Unknown" : std::move(fault->code);
  }
  return answer;
}

// "Sun, 22 Nov 2026 09:08:07 GMT" (RFC 9110 §5.6.7), the one form that is sent.
std::optional<Timestamp> find_http_date(std::string_view text) {
  static constexpr std::string_view months = "JanFebMarAprMayJunJulAugSepOctNovDec";
  if (text.size() != 29 || text[16] != ' ' || !text.ends_with(" GMT")) return std::nullopt;
  const std::size_t month = months.find(text.substr(8, 3));
  if (month == std::string_view::npos || month % 3 != 0) return std::nullopt;
  const auto time = from_basic(fmt::format("{}{:02}{}T{}{}{}Z", text.substr(12, 4), month / 3 + 1,
                                           text.substr(5, 2), text.substr(17, 2),
                                           text.substr(20, 2), text.substr(23, 2)));
  if (!time) return std::nullopt;
  return *time;
}

// For the log; never the query, whose values are nobody's business.
std::string name_of_request(const S3Request& request) {
  return fmt::format("{} {}/{}", http::name_of(request.method), request.bucket, request.key);
}

}  // namespace

std::string S3Answer::header(std::string_view name) const {
  return std::string(headers.find(name).value_or(std::string_view()));
}

S3Client::S3Client(S3ClientParts parts)
    : endpoint_(std::move(parts.endpoint)),
      credentials_(std::move(parts.credentials)),
      clock_(parts.clock),
      random_(parts.random),
      patience_(std::move(parts.patience)),
      http_(idle_connections_max) {}

Timestamp S3Client::now() const { return clock_.now() + milliseconds(skew_millis_.load()); }

Result<S3Answer> S3Client::send(const S3Request& request) {
  Repairs repairs;
  std::optional<WatchedBody> body;
  S3Request watched = request;
  if (request.source.source != nullptr) {
    body.emplace(request.source.source);
    watched.source.source = &*body;
  }
  for (int attempts = 1;; ++attempts) {
    TRY(const auto credentials, credentials_->get());
    auto answer = attempt(watched, *credentials);
    if (body && body->failure()) return *body->failure();
    const Next next = judge(answer, repairs);
    if (next == Next::done) return answer;
    if (next == Next::retry_at_once) continue;
    if (attempts >= patience_.attempts_max || !budget_.take()) {
      const std::string why =
          answer ? fmt::format("{} {}", answer->status, answer->code) : describe(answer.error());
      return unavailable(fmt::format("{}: {}", name_of_request(request), why));
    }
    patience_.wait(retry_delay(patience_, attempts, random_));
  }
}

S3Client::Next S3Client::judge(const Result<S3Answer>& answer, Repairs& repairs) {
  if (!answer) {
    const ErrorKind kind = answer.error().kind;
    // A refusal of our own client ends it too: the same request would fail in the same way.
    return kind == ErrorKind::unavailable || kind == ErrorKind::too_slow ? Next::retry : Next::done;
  }
  if (answer->is_done()) {
    budget_.succeeded();
    return Next::done;
  }
  if (is_passing(*answer)) return Next::retry;
  if (!repairs.clock && repair_clock(*answer)) {
    repairs.clock = true;
    return Next::retry_at_once;
  }
  if (!repairs.credentials && is_expired(*answer)) {
    repairs.credentials = true;
    credentials_->expire();
    return Next::retry_at_once;
  }
  return Next::done;
}

// A refused request whose answer has quite another time than ours: HEAD has no body to say
// RequestTimeTooSkewed in.
bool S3Client::repair_clock(const S3Answer& answer) {
  if (answer.status != 403 && answer.status != 400) return false;
  const auto theirs = find_http_date(answer.header("date"));
  if (!theirs) return false;
  const auto off = *theirs - now();
  if (off < skew_min && off > -skew_min) return false;
  const auto skew = *theirs - clock_.now();
  if (skew > skew_max || skew < -skew_max) return false;
  log::warning("the object store's clock differs from ours: requests are signed with its time",
               {{"seconds", std::to_string(skew.count() / 1000)}});
  skew_millis_ = skew.count();
  return true;
}

Result<S3Answer> S3Client::attempt(const S3Request& request, const S3Credentials& credentials) {
  const bool brings_content = request.answers == S3Body::content;
  const std::uint64_t bytes =
      request.source.length + (brings_content ? request.answer_bytes_max : 0);
  http::ClientRequest out{.method = request.method,
                          .url = endpoint_.scheme + "://" + endpoint_.authority_of(request.bucket) +
                                 endpoint_.path_of(request.bucket, request.key),
                          .body = request.body,
                          .source_body = request.source,
                          .ca_file = endpoint_.ca_file,
                          .response_bytes_max = request.answer_bytes_max,
                          .connect_deadline = patience_.connect_deadline,
                          .request_deadline = patience_.attempt_deadline +
                                              milliseconds(bytes * 1000 / s3_bytes_per_second_min),
                          .stall_deadline = patience_.stall_deadline};
  if (!request.query.empty()) out.url += "?" + query_of(request.query);
  sign(request, credentials, out);
  auto response = http_.fetch(out);
  if (!response) return std::move(response.error());
  return answer_of(request, *std::move(response));
}

void S3Client::sign(const S3Request& request, const S3Credentials& credentials,
                    http::ClientRequest& out) const {
  const Timestamp time = now();
  const std::string time_text = to_basic(time);
  std::string hash(hash_of_nothing);
  if (request.source.source != nullptr) {
    hash = request.source_sha256_hex;
  } else if (!request.body.empty()) {
    hash = to_hex(crypto::sha256(bytes_of(request.body)));
  }
  for (const auto& [name, value] : request.headers) out.headers.add(name, value);
  out.headers.add("x-amz-content-sha256", hash);
  out.headers.add("x-amz-date", time_text);
  if (!credentials.session_token.empty()) {
    out.headers.add("x-amz-security-token", credentials.session_token);
  }
  const std::string authority = endpoint_.authority_of(request.bucket);
  const std::string path = endpoint_.path_of(request.bucket, request.key);
  const std::string query = query_of(request.query);
  sigv4::RequestView view{
      .method = http::name_of(request.method), .path = path, .query = query, .headers = {}};
  view.headers.emplace_back("host", authority);
  for (const auto& field : out.headers.fields()) view.headers.emplace_back(field.name, field.value);
  const sigv4::Scope scope{to_basic_date(time), endpoint_.region, "s3"};
  const Secret key = sigv4::derive_signing_key(credentials.secret_access_key, scope);
  out.headers.add("authorization",
                  sigv4::authorize(view, hash, time_text, credentials.access_key_id, scope, key,
                                   sigv4::PathStyle::s3));
}

}  // namespace hallmark::objects
