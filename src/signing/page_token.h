// Page tokens: where a list goes on, sealed and bound to the account, the operation and the filter,
// so that a changed or foreign token is noticed and shows nothing.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/random.h"
#include "base/result.h"
#include "base/secret.h"

namespace hallmark::signing {

// Any thread. `random` outlives it.
class PageTokens {
 public:
  PageTokens(Secret key, Random& random) : key_(std::move(key)), random_(random) {}

  // `binding` says what the token is for: account, operation and filter in one text.
  std::string seal(std::string_view position, std::string_view binding);
  // Invalid unless the token was sealed here with the same binding.
  Result<std::string> open(std::string_view token, std::string_view binding) const;

 private:
  Secret key_;
  Random& random_;
};

}  // namespace hallmark::signing
