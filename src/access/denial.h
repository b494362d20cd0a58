// The sentence that tells a caller what it is not allowed, in AWS's words.
#pragma once

#include <string>

#include "access/authorizer.h"

namespace hallmark::access {

// "User: X is not authorized to perform: Y on resource: Z because …". The judgement is one that
// does not allow.
std::string denial_of(const Principal& who, const Need& need, const Judgement& judgement);

}  // namespace hallmark::access
