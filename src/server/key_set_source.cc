#include "server/key_set_source.h"

#include <chrono>
#include <filesystem>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "base/file.h"
#include "base/limits.h"
#include "http/client.h"

namespace hallmark::server {
namespace {

// A caller waits for it, on one of few threads.
constexpr std::chrono::seconds fetch_deadline{5};

class KeySetFile final : public identity::KeySetSource {
 public:
  explicit KeySetFile(std::filesystem::path path) : path_(std::move(path)) {}
  Result<std::string> fetch() override { return read_file(path_, limits::key_set_bytes_max); }

 private:
  const std::filesystem::path path_;
};

class KeySetUrl final : public identity::KeySetSource {
 public:
  KeySetUrl(std::string url, std::string ca_file)
      : url_(std::move(url)), ca_file_(std::move(ca_file)) {}

  Result<std::string> fetch() override {
    http::ClientRequest request{.url = url_,
                                .ca_file = ca_file_,
                                .response_bytes_max = limits::key_set_bytes_max,
                                .connect_deadline = fetch_deadline,
                                .request_deadline = fetch_deadline};
    request.headers.add("Accept", "application/json");
    TRY(auto response, http::fetch(request));
    if (response.status == 200) return std::move(response.body);
    return unavailable(fmt::format("{} answered {}", url_, response.status));
  }

 private:
  const std::string url_;
  const std::string ca_file_;
};

}  // namespace

std::unique_ptr<identity::KeySetSource> key_set_source(const WebIdentityIssuer& issuer) {
  if (issuer.key_set_url.empty()) return std::make_unique<KeySetFile>(issuer.key_set_file);
  return std::make_unique<KeySetUrl>(issuer.key_set_url, issuer.key_set_ca_file.string());
}

Result<std::unique_ptr<identity::WebIdentities>> configured_web_identities(
    const std::vector<WebIdentityIssuer>& issuers, const Clock& clock) {
  std::vector<identity::WebIdentityIssuer> trusted;
  trusted.reserve(issuers.size());
  for (const WebIdentityIssuer& issuer : issuers) {
    trusted.push_back({issuer.issuer, issuer.audiences, key_set_source(issuer)});
  }
  return identity::web_identities(std::move(trusted), clock);
}

}  // namespace hallmark::server
