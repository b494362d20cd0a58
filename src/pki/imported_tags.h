// What the tags of an imported certificate must keep. Private to pki.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "model/profile.h"

namespace hallmark::pki {

// Of a certificate, or of a request: invalid, with the reason's name of the Certificate Manager,
// when there are too many, or a key or a value that may not be one.
Result<void> check_certificate_tags(const model::StringMap& tags);

// With a value, the tag goes only if it has that value.
struct TagToRemove {
  std::string key;
  std::optional<std::string> value;
};
// 1 to 50, each of a key that may be one.
Result<void> check_tags_to_remove(const std::vector<TagToRemove>& tags);

// A tag that is not there is no fault.
model::StringMap without(model::StringMap tags, const std::vector<TagToRemove>& removed);

}  // namespace hallmark::pki
