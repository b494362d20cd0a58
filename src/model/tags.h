// Tags, as profiles and imported certificates have them.
#pragma once

#include "model/profile.h"

namespace hallmark::model {

// With the values of `changes`; keys that are new come last, in their order.
StringMap merged(StringMap tags, const StringMap& changes);

}  // namespace hallmark::model
