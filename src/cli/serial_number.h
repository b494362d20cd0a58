// Serial numbers of certificates as people write them.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace hallmark::cli {

// "serial=0A1B" (as `openssl x509 -serial` prints it), "0x0a1b", "0a:1b" or "a1b" as "0A1B": whole
// bytes in upper-case hex without leading zero bytes. Nothing: the text is no serial number.
std::optional<std::string> serial_number_of(std::string_view text);

}  // namespace hallmark::cli
