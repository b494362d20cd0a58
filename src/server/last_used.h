// auth's seam onto what identity keeps of access keys.
#pragma once

#include <string_view>

#include "auth/last_used.h"
#include "identity/key_uses.h"

namespace hallmark::server {

// The store is closed before this goes.
class StoredLastUsed final : public auth::LastUsed {
 public:
  explicit StoredLastUsed(store::Store& store) : uses_(store) {}
  void note(std::string_view access_key_id, std::string_view service, Timestamp time) override {
    uses_.note(access_key_id, service, time);
  }

 private:
  identity::KeyUses uses_;
};

}  // namespace hallmark::server
