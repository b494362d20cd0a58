// Where a token is: a PKCS#11 URI (RFC 7512).
//
//   pkcs11:token=NAME?module-path=/usr/lib/softhsm/libsofthsm2.so&pin-source=file:/etc/hallmark/pin
//
// The path names the token by any of token, serial, manufacturer, model and slot-id; `object` names
// a key in it, where one is meant. The query names the module, and where the PIN is read
// (secret_file.h). The PIN itself is refused in a URI: those are logged, and seen by `ps`.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace hallmark::keys {

inline constexpr std::string_view pkcs11_scheme = "pkcs11:";
// The reason of errors after which a token is not asked again: its PIN is wrong, locked or expired.
inline constexpr std::string_view token_refuses = "TokenRefuses";

// A value. Holds no secret.
struct Pkcs11Uri {
  std::string token = {};
  std::string serial = {};
  std::string manufacturer = {};
  std::string model = {};
  std::optional<unsigned long> slot = {};
  std::string object = {};
  std::filesystem::path module_path = {};
  std::string pin_source = {};  // empty: the token wants no PIN

  // Invalid, never repeating the text: no such URI, an attribute that is unknown or comes twice, no
  // token, no module, a PIN.
  static Result<Pkcs11Uri> parse(std::string_view text);

  // For people and logs: "token NAME".
  std::string text() const;
  bool operator==(const Pkcs11Uri&) const = default;
};

}  // namespace hallmark::keys
