// Where the Authenticator reports that an access key was used; identity keeps it beside the key.
#pragma once

#include <string_view>

#include "base/clock.h"

namespace hallmark::auth {

// Called from any thread, within the request: must not block. A note that cannot be kept is lost.
class LastUsed {
 public:
  virtual ~LastUsed() = default;
  // A request that was signed with this long-term key, for this service ("signer"), was proved to
  // be its owner's. At most once a key within limits::access_key_last_used_interval.
  virtual void note(std::string_view access_key_id, std::string_view service, Timestamp time) = 0;
};

}  // namespace hallmark::auth
