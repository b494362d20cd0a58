// Events as requests to a webhook, signed as the Standard Webhooks specification 1.0.0 says
// (symmetric signatures, "v1").
#pragma once

#include <memory>
#include <string>

#include "base/clock.h"
#include "base/result.h"
#include "base/secret.h"
#include "events/target.h"

namespace hallmark::events {

// The bytes of a secret in the specification's form: "whsec_" and 24 to 64 bytes in base64, with or
// without a newline behind. Invalid: anything else.
Result<Secret> parse_webhook_secret(std::string_view text);

// "v1,BASE64": the HMAC-SHA256 of "ID.TIMESTAMP.BODY".
std::string webhook_signature(const Secret& secret, const Message& message,
                              std::int64_t unix_seconds);

struct Webhook {
  std::string url;      // https, or http on this machine
  std::string ca_file;  // PEM; empty: the machine's authorities
  Secret secret;
};
// A POST has arrived when the answer is 2xx. Redirects are not followed.
std::unique_ptr<Target> webhook_target(Webhook webhook, const Clock& clock);

}  // namespace hallmark::events
