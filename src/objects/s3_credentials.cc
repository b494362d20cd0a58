#include "objects/s3_credentials.h"

#include <cstdlib>

#include <fmt/format.h>

#include "base/encoding.h"
#include "base/file.h"
#include "base/log.h"
#include "base/mutex.h"
#include "crypto/digest.h"
#include "objects/s3_xml.h"
#include "sigv4/sigv4.h"

namespace hallmark::objects {
namespace {

constexpr auto renewed_before = std::chrono::minutes(5);  // their end
constexpr auto failed_renewal_rest = std::chrono::seconds(10);
constexpr std::size_t secret_file_bytes_max = 1024;
constexpr std::size_t token_file_bytes_max = 20'000;  // as STS
constexpr std::size_t sts_answer_bytes_max = 64 * 1024;
constexpr std::string_view form_type = "application/x-www-form-urlencoded; charset=utf-8";

using Shared = std::shared_ptr<const S3Credentials>;

class FixedCredentials final : public CredentialSource {
 public:
  explicit FixedCredentials(S3Credentials credentials)
      : credentials_(std::make_shared<const S3Credentials>(std::move(credentials))) {}
  Result<Shared> get() override { return credentials_; }
  void expire() override {}

 private:
  const Shared credentials_;
};

// Without the line end that editors leave.
Result<std::string> read_line_file(const std::filesystem::path& path, std::size_t bytes_max) {
  auto text = read_file(path, bytes_max);
  if (!text) {
    return invalid(
        fmt::format("The file {} cannot be read: {}", path.string(), describe(text.error())));
  }
  while (text->ends_with('\n') || text->ends_with('\r')) text->pop_back();
  if (text->empty()) return invalid(fmt::format("The file {} is empty.", path.string()));
  return text;
}

// What is asked of STS, and with what.
struct RoleRequest {
  std::string role_arn, external_id, region, url;
  std::filesystem::path token_file;  // empty: signed with the base credentials
  std::filesystem::path ca_file;
};

class RoleCredentials final : public CredentialSource {
 public:
  RoleCredentials(RoleRequest request, std::unique_ptr<CredentialSource> base, const Clock& clock)
      : request_(std::move(request)), base_(std::move(base)), clock_(clock) {}

  Result<Shared> get() override {
    const MutexLock lock(mutex_);  // one asks STS, the others wait for what it brings
    const Timestamp now = clock_.now();
    if (credentials_ && now + renewed_before < credentials_->expires_at) return credentials_;
    const bool usable = credentials_ && now < credentials_->expires_at;
    if (usable && now < next_try_) return credentials_;
    auto renewed = assume(now);
    if (renewed) {
      credentials_ = *std::move(renewed);
      return credentials_;
    }
    next_try_ = now + failed_renewal_rest;
    log::warning("credentials for the object store could not be renewed",
                 {{"error", describe(renewed.error())}});
    if (usable) return credentials_;
    return std::move(renewed.error());
  }

  void expire() override {
    const MutexLock lock(mutex_);
    credentials_ = nullptr;
  }

 private:
  Result<Shared> assume(Timestamp now) REQUIRES_LOCK(mutex_) {
    TRY(auto asked, request_.token_file.empty() ? signed_request(now) : token_request());
    auto answer = http::fetch(asked);
    wipe({reinterpret_cast<std::uint8_t*>(asked.body.data()), asked.body.size()});
    if (!answer) return unavailable(describe(answer.error()));
    if (answer->status != 200) {
      const auto fault = find_fault(answer->body);
      return unavailable(
          fmt::format("STS answers {} {}", answer->status, fault ? fault->code : std::string()));
    }
    auto parsed = parse_sts_credentials(answer->body);
    wipe({reinterpret_cast<std::uint8_t*>(answer->body.data()), answer->body.size()});
    if (!parsed) return unavailable(describe(parsed.error()));
    return std::make_shared<const S3Credentials>(
        S3Credentials{std::move(parsed->access_key_id), std::move(parsed->secret_access_key),
                      std::move(parsed->session_token), parsed->expires_at});
  }

  std::string body_of(std::string_view action) const {
    std::string body = fmt::format(
        "Action={}&Version=2011-06-15&RoleArn={}&RoleSessionName=hallmark&DurationSeconds=3600",
        action, percent_encode(request_.role_arn));
    if (!request_.external_id.empty()) {
      body += "&ExternalId=" + percent_encode(request_.external_id);
    }
    return body;
  }

  http::ClientRequest request_of(std::string body) const {
    http::ClientRequest request{.method = http::Method::post,
                                .url = request_.url + "/",
                                .body = std::move(body),
                                .ca_file = request_.ca_file,
                                .response_bytes_max = sts_answer_bytes_max};
    request.headers.add("content-type", form_type);
    return request;
  }

  // The token is read each time: whoever issues it replaces the file.
  Result<http::ClientRequest> token_request() const {
    TRY(const auto token, read_line_file(request_.token_file, token_file_bytes_max));
    return request_of(body_of("AssumeRoleWithWebIdentity") +
                      "&WebIdentityToken=" + percent_encode(token));
  }

  Result<http::ClientRequest> signed_request(Timestamp now) const {
    TRY(const auto base, base_->get());
    http::ClientRequest request = request_of(body_of("AssumeRole"));
    const std::string time = to_basic(now);
    request.headers.add("x-amz-date", time);
    if (!base->session_token.empty()) {
      request.headers.add("x-amz-security-token", base->session_token);
    }
    sigv4::RequestView view{.method = "POST", .path = "/", .query = {}, .headers = {}};
    view.headers.emplace_back("host",
                              std::string_view(request_.url).substr(request_.url.find("://") + 3));
    for (const auto& field : request.headers.fields()) {
      view.headers.emplace_back(field.name, field.value);
    }
    const sigv4::Scope scope{to_basic_date(now), request_.region, "sts"};
    const Secret key = sigv4::derive_signing_key(base->secret_access_key, scope);
    const std::string hash = to_hex(crypto::sha256(bytes_of(request.body)));
    request.headers.add("authorization",
                        sigv4::authorize(view, hash, time, base->access_key_id, scope, key,
                                         sigv4::PathStyle::normalized));
    return request;
  }

  const RoleRequest request_;
  const std::unique_ptr<CredentialSource> base_;  // none with a token
  const Clock& clock_;
  Mutex mutex_;
  Shared credentials_ GUARDED_BY(mutex_);
  Timestamp next_try_ GUARDED_BY(mutex_){};
};

Result<std::unique_ptr<CredentialSource>> base_credentials(const CredentialParts& parts) {
  const S3Identity& identity = parts.identity;
  if (identity.access_key_id.empty() != identity.secret_access_key_file.empty()) {
    return invalid("s3.access_key_id and s3.secret_access_key_file go together.");
  }
  S3Credentials credentials;
  if (!identity.access_key_id.empty()) {
    TRY(auto secret, read_line_file(identity.secret_access_key_file, secret_file_bytes_max));
    credentials = {identity.access_key_id, Secret(bytes_of(secret))};
    wipe({reinterpret_cast<std::uint8_t*>(secret.data()), secret.size()});
  } else {
    credentials = {parts.environment("AWS_ACCESS_KEY_ID"),
                   Secret(bytes_of(parts.environment("AWS_SECRET_ACCESS_KEY"))),
                   parts.environment("AWS_SESSION_TOKEN")};
  }
  if (credentials.access_key_id.empty() || credentials.secret_access_key.empty()) {
    return invalid(
        "There are no credentials for the object store: set s3.access_key_id in the configuration "
        "file, or AWS_ACCESS_KEY_ID in the environment.");
  }
  return std::unique_ptr<CredentialSource>(
      std::make_unique<FixedCredentials>(std::move(credentials)));
}

}  // namespace

std::string variable_of_process(const char* name) {
  const char* const value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): nobody sets any
  return value == nullptr ? std::string() : std::string(value);
}

Result<std::unique_ptr<CredentialSource>> make_credentials(const CredentialParts& parts) {
  const S3Identity& identity = parts.identity;
  RoleRequest role{identity.role_arn,
                   identity.external_id,
                   parts.region,
                   identity.sts_url,
                   identity.web_identity_token_file,
                   parts.ca_file};
  const bool has_key =
      !identity.access_key_id.empty() || !parts.environment("AWS_ACCESS_KEY_ID").empty();
  if (role.token_file.empty() && !has_key) {
    role.token_file = parts.environment("AWS_WEB_IDENTITY_TOKEN_FILE");
    if (role.role_arn.empty()) role.role_arn = parts.environment("AWS_ROLE_ARN");
  }
  if (role.url.empty()) role.url = fmt::format("https://sts.{}.amazonaws.com", parts.region);
  if (!role.token_file.empty()) {
    if (role.role_arn.empty()) return invalid("A web identity token needs s3.role_arn.");
    return std::unique_ptr<CredentialSource>(
        std::make_unique<RoleCredentials>(std::move(role), nullptr, parts.clock));
  }
  TRY(auto base, base_credentials(parts));
  if (role.role_arn.empty()) return base;
  return std::unique_ptr<CredentialSource>(
      std::make_unique<RoleCredentials>(std::move(role), std::move(base), parts.clock));
}

}  // namespace hallmark::objects
