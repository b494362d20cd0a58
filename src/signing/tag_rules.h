// What tags must keep, and the condition keys that policies see of them.
#pragma once

#include <span>
#include <string>

#include "access/authorizer.h"
#include "base/result.h"
#include "model/profile.h"

namespace hallmark::signing {

// Invalid, naming `tags`: too many, or a key or a value that may not be one. All the tags of a
// profile together keep the same rules.
Result<void> check_tags(const model::StringMap& tags);
// The same of keys alone, naming `tagKeys`. There must be one.
Result<void> check_tag_keys(std::span<const std::string> keys);

// aws:RequestTag/* and aws:TagKeys of a request that sets tags.
access::Context context_of_tags(const model::StringMap& tags);
// aws:TagKeys of one that takes them away.
access::Context context_of_tag_keys(std::vector<std::string> keys);

}  // namespace hallmark::signing
