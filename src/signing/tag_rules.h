// What tags must keep.
#pragma once

#include <span>
#include <string>

#include "base/result.h"
#include "model/profile.h"

namespace hallmark::signing {

// Invalid, naming `tags`: too many, or a key or a value that may not be one. All the tags of a
// profile together keep the same rules.
Result<void> check_tags(const model::StringMap& tags);
// The same of keys alone, naming `tagKeys`. There must be one.
Result<void> check_tag_keys(std::span<const std::string> keys);

}  // namespace hallmark::signing
