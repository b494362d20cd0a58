// Any bytes, as the token of a page: none that was not sealed here is accepted, and what is sealed
// comes back.
#include "signing/page_token.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

#include "base/check.h"

namespace {

class SameBytes final : public hallmark::Random {
 public:
  void fill(hallmark::MutableByteView bytes) override { std::ranges::fill(bytes, 7); }
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace hallmark;
  using namespace hallmark::signing;
  SameBytes random;
  PageTokens tokens(Secret(32), random);
  const std::string_view text = text_of({data, size});
  CHECK(!tokens.open(text, "binding"));
  const std::array parts = {text, std::string_view("list")};
  const std::string binding = token_binding(parts);
  const auto opened = tokens.open(tokens.seal(text, binding), binding);
  CHECK(opened && *opened == text);
  CHECK(!tokens.open(tokens.seal(text, binding), "binding"));
  return 0;
}
