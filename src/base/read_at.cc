#include "base/read_at.h"

#include <algorithm>

#include "base/limits.h"

namespace hallmark {

Result<void> MemoryReadAt::read_at(std::uint64_t offset, MutableByteView into) const {
  if (offset > bytes_.size() || into.size() > bytes_.size() - offset) {
    return corrupt("a read past the end of the data");
  }
  std::ranges::copy(bytes_.subspan(offset, into.size()), into.begin());
  return {};
}

Result<void> copy_range(const ReadAt& from, std::uint64_t offset, std::uint64_t length, Sink& to) {
  Bytes buffer(std::size_t(std::min<std::uint64_t>(length, limits::copy_buffer_bytes)));
  while (length > 0) {
    const auto step = std::size_t(std::min<std::uint64_t>(length, buffer.size()));
    const MutableByteView part = MutableByteView(buffer).first(step);
    TRY(from.read_at(offset, part));
    TRY(to.write(part));
    offset += step;
    length -= step;
  }
  return {};
}

}  // namespace hallmark
