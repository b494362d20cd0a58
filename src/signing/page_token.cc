#include "signing/page_token.h"

#include <fmt/format.h>

#include "base/encoding.h"
#include "crypto/aead.h"

namespace hallmark::signing {
namespace {

std::string context_of(std::string_view binding) { return fmt::format("page-token/{}", binding); }

}  // namespace

std::string token_binding(std::span<const std::string_view> parts) {
  std::string bound;
  for (const std::string_view part : parts) bound += fmt::format("{}:{}/", part.size(), part);
  return bound;
}

std::string PageTokens::seal(std::string_view position, std::string_view binding) {
  return to_base64url(crypto::seal(key_, bytes_of(position), context_of(binding), random_));
}

Result<std::string> PageTokens::open(std::string_view token, std::string_view binding) const {
  const auto sealed = from_base64url(token);
  if (!sealed) return invalid("nextToken is not valid.");
  const auto opened = crypto::open(key_, *sealed, context_of(binding));
  if (!opened) return invalid("nextToken is not valid.");
  return std::string(text_of(opened->reveal()));
}

}  // namespace hallmark::signing
