#include "events/webhook.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/encoding.h"
#include "crypto/digest.h"
#include "http/client.h"

namespace hallmark::events {
namespace {

constexpr std::string_view secret_prefix = "whsec_";
constexpr std::size_t secret_bytes_min = 24;  // as the specification says
constexpr std::size_t secret_bytes_max = 64;
constexpr std::chrono::seconds request_deadline{15};   // the specification: 15 to 30 s
constexpr std::size_t response_bytes_max = 64 * 1024;  // it is not read

class WebhookTarget final : public Target {
 public:
  WebhookTarget(Webhook webhook, const Clock& clock)
      : webhook_(std::move(webhook)), clock_(clock) {}
  store::EventTarget kind() const override { return store::EventTarget::webhook; }

  Result<void> deliver(const Message& message) override {
    const std::int64_t now = unix_seconds(clock_.now());
    http::ClientRequest request{.method = http::Method::post,
                                .url = webhook_.url,
                                .body = std::string(message.body),
                                .ca_file = webhook_.ca_file,
                                .response_bytes_max = response_bytes_max,
                                .request_deadline = request_deadline};
    request.headers.add("Content-Type", "application/json");
    request.headers.add("webhook-id", message.id);
    request.headers.add("webhook-timestamp", fmt::format("{}", now));
    request.headers.add("webhook-signature", webhook_signature(webhook_.secret, message, now));
    TRY(const auto response, http::fetch(request));
    if (response.status >= 200 && response.status < 300) return {};
    return unavailable(fmt::format("the webhook answered {}", response.status));
  }

 private:
  const Webhook webhook_;
  const Clock& clock_;
};

}  // namespace

Result<Secret> parse_webhook_secret(std::string_view text) {
  if (text.ends_with('\n')) text.remove_suffix(1);
  if (text.starts_with(secret_prefix)) {
    auto bytes = from_base64(text.substr(secret_prefix.size()));
    if (bytes && bytes->size() >= secret_bytes_min && bytes->size() <= secret_bytes_max) {
      Secret secret(bytes->size());
      std::ranges::copy(*bytes, secret.fill().begin());
      wipe(*bytes);
      return secret;
    }
  }
  return invalid("A webhook's secret is whsec_ and 24 to 64 bytes in base64.");
}

std::string webhook_signature(const Secret& secret, const Message& message,
                              std::int64_t unix_seconds) {
  const std::string signed_text = fmt::format("{}.{}.{}", message.id, unix_seconds, message.body);
  return "v1," + to_base64(crypto::hmac_sha256(secret.reveal(), bytes_of(signed_text)));
}

std::unique_ptr<Target> webhook_target(Webhook webhook, const Clock& clock) {
  return std::make_unique<WebhookTarget>(std::move(webhook), clock);
}

}  // namespace hallmark::events
