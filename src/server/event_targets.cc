#include "server/event_targets.h"

#include <unistd.h>

#include "events/standard_output.h"
#include "events/webhook.h"
#include "keys/secret_file.h"

namespace hallmark::server {
namespace {

constexpr std::size_t secret_text_bytes_max = 128;

}  // namespace

Result<void> add_event_targets(const EventSettings& settings, const Clock& clock,
                               events::Delivery& delivery) {
  if (settings.standard_output) delivery.add(events::lines_on(STDOUT_FILENO));
  if (settings.webhook_url.empty()) return {};
  TRY(const Secret text,
      keys::read_secret_file(settings.webhook_secret_file.string(), secret_text_bytes_max));
  TRY(auto secret, events::parse_webhook_secret(text_of(text.reveal())));
  delivery.add(events::webhook_target(
      {settings.webhook_url, settings.webhook_ca_file.string(), std::move(secret)}, clock));
  return {};
}

}  // namespace hallmark::server
