// Where the keys of the configured issuers of web identities come from: a file, or a URL.
#pragma once

#include <memory>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "identity/web_identity.h"
#include "server/configuration.h"

namespace hallmark::server {

// A URL is asked without following redirects, with its certificate verified, and its answer is
// bounded by limits::key_set_bytes_max and five seconds. A file is read anew each time.
std::unique_ptr<identity::KeySetSource> key_set_source(const WebIdentityIssuer& issuer);

// The clock outlives the object.
Result<std::unique_ptr<identity::WebIdentities>> configured_web_identities(
    const std::vector<WebIdentityIssuer>& issuers, const Clock& clock);

}  // namespace hallmark::server
