#include "crypto/openssl.h"

#include <array>
#include <string>

#include <fmt/format.h>
#include <openssl/err.h>

namespace hallmark::crypto {
namespace {

std::string drain_queue() {
  std::string reasons;
  const char* data = nullptr;
  int flags = 0;
  while (const unsigned long code = ERR_get_error_all(nullptr, nullptr, nullptr, &data, &flags)) {
    std::array<char, 256> text = {};
    ERR_error_string_n(code, text.data(), text.size());
    if (!reasons.empty()) reasons += "; ";
    reasons += text.data();
    if ((flags & ERR_TXT_STRING) != 0 && *data != '\0') reasons += fmt::format(" ({})", data);
  }
  return reasons.empty() ? "OpenSSL gives no reason" : reasons;
}

}  // namespace

Error openssl_error(std::string_view what) {
  return internal_error(fmt::format("{}: {}", what, drain_queue()));
}

Error openssl_refusal(std::string_view message) {
  Error error = corrupt(std::string(message));
  error.detail = drain_queue();
  return error;
}

}  // namespace hallmark::crypto
