// Any bytes, read as what a session token holds. What is accepted has one form.
#include "identity/session_record.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "base/check.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace hallmark;
  const ByteView bytes(data, size);
  const auto record = identity::decode_session(bytes);
  if (record) CHECK(std::ranges::equal(identity::encode(*record).reveal(), bytes));
  return 0;
}
