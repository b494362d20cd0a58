// The condition keys that policies see of the tags of a request.
#pragma once

#include <string>
#include <vector>

#include "access/principal.h"
#include "model/profile.h"

namespace hallmark::access {

// aws:RequestTag/* and aws:TagKeys of a request that sets tags.
Context context_of_tags(const model::StringMap& tags);
// aws:TagKeys of one that takes them away.
Context context_of_tag_keys(std::vector<std::string> keys);

}  // namespace hallmark::access
