// Whose a bucket is, at the moment of use: it may have been made since the call was judged.
#pragma once

#include <string>

#include "base/result.h"
#include "model/names.h"
#include "objects/objects.h"

namespace hallmark::signing {

// Not found: there is no such bucket. Denied: it belongs to another account, whose objects nobody
// reads or writes here, whatever the policies say.
Result<void> check_own_bucket(objects::Objects& objects, const std::string& bucket,
                              const model::AccountId& account);

}  // namespace hallmark::signing
