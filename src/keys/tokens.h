// The tokens that a process uses: one connection to each, whoever asks for it.
#pragma once

#include <memory>
#include <string_view>

#include "base/result.h"

namespace hallmark::keys {

class Token;

// Not safe for concurrent use; the tokens are.
class Tokens {
 public:
  Tokens();
  ~Tokens();
  Tokens(const Tokens&) = delete;
  Tokens& operator=(const Tokens&) = delete;

  // The token of a pkcs11: URI (pkcs11_uri.h), connected and logged in; it lives as long as this.
  // Invalid: the URI, or the PIN's file. Unavailable: no such token, or it refuses the PIN.
  Result<Token*> open(std::string_view uri);

 private:
  struct Parts;
  const std::unique_ptr<Parts> parts_;
};

}  // namespace hallmark::keys
