// What a session token holds, as bytes. Private to identity/.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/secret.h"
#include "base/uuid.h"

namespace hallmark::identity {

struct SessionRecord {
  Secret secret_access_key;
  std::optional<Uuid> role;          // nothing: a session of the parent key's principal
  std::vector<Uuid> chain;           // the roles through which the role was reached, oldest first
  std::string name;                  // of a role's session
  std::string parent_access_key_id;  // empty: a web identity's
  std::string parent_unique_id;      // of the key's principal: the key's id could be given again
  std::string policy;                // JSON; empty: none
  Timestamp issued_at;
  Timestamp expires_at;
};

Secret encode(const SessionRecord& record);
// Nothing for bytes that `encode` did not write.
std::optional<SessionRecord> decode_session(ByteView bytes);

}  // namespace hallmark::identity
