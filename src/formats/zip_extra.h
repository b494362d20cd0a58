// The extra fields of a header. Private to this module.
#pragma once

#include <optional>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"

namespace hallmark::formats {

// What the ZIP64 extra field of one of the entry's headers holds, borrowed; nothing when it has
// none. Invalid when the extra fields do not fill their place exactly, when there are two of
// ZIP64's, when a Unicode Path (§4.6.9) names the entry otherwise than `name`, when a field of
// libarchive or ASi has a mode for it, or one of PKWARE's (§4.5.7) a link. Others are not looked
// at.
Result<std::optional<ByteView>> zip64_extra_of(ByteView extra, std::string_view name);

}  // namespace hallmark::formats
