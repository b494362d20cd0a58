// Any bytes, read as the form of a request to STS.
#include <array>
#include <cstddef>
#include <cstdint>

#include "api/sts/parameters.h"
#include "base/bytes.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace hallmark;
  using namespace hallmark::api;
  constexpr std::array<std::string_view, 2> unsupported = {"Tags", "PolicyArns"};
  const std::string_view text = text_of({data, size});
  if (!Query::check_count(text)) return 0;
  const auto query = Query::parse(text);
  if (!query) return 0;
  (void)refuse_parameters(*query, unsupported);
  (void)read_role_parameters(*query, model::Home());
  (void)get_parameter(*query, "WebIdentityToken");
  return 0;
}
