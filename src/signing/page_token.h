// Page tokens: where a list goes on, sealed and bound to the account, the operation and the filter,
// so that a changed or foreign token is noticed and shows nothing.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/random.h"
#include "base/result.h"
#include "base/secret.h"

namespace hallmark::signing {

// What a token is for, as one text that no other list of parts makes: account, action and filters.
std::string token_binding(std::span<const std::string_view> parts);

// Any thread. `random` outlives it.
class PageTokens {
 public:
  PageTokens(Secret key, Random& random) : key_(std::move(key)), random_(random) {}

  // `binding` is token_binding()'s.
  std::string seal(std::string_view position, std::string_view binding);
  // Invalid unless the token was sealed here with the same binding.
  Result<std::string> open(std::string_view token, std::string_view binding) const;

 private:
  Secret key_;
  Random& random_;
};

}  // namespace hallmark::signing
