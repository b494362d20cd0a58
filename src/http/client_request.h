// What the client may be asked. Private to client*.cc.
#pragma once

#include <algorithm>
#include <string_view>

#include "base/result.h"
#include "http/ascii.h"
#include "http/client.h"

namespace hallmark::http {

// Invalid: the request cannot be asked.
Result<void> check(const ClientRequest& request);

inline bool is_name(std::string_view name) {
  return !name.empty() && std::ranges::all_of(name, is_token_character);
}

}  // namespace hallmark::http
