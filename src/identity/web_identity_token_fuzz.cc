// Any bytes, read as the token of a web identity, and its claims judged as if it were verified.
#include "identity/web_identity_token.h"

#include <cstddef>
#include <cstdint>

#include "base/bytes.h"
#include "base/check.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace hallmark;
  const std::string_view text = text_of({data, size});
  const auto token = identity::parse_web_identity_token(text);
  if (!token) return 0;
  CHECK(text.starts_with(token->signing_input));
  const auto now = from_unix_seconds(1'800'000'000);
  const auto judged =
      identity::judge_claims(token->claims, "https://ci.example.com", {"hallmark"}, now);
  if (judged) CHECK(!judged->subject.empty() && judged->audience == "hallmark");
  return 0;
}
