// Whether a request failed only because what it was judged on changed meanwhile.
#pragma once

#include "base/error.h"
#include "store/profiles.h"

namespace hallmark::signing {

inline bool is_to_be_judged_again(const Error& error) {
  return error.kind == ErrorKind::unavailable && error.reason == store::changed_while_judged_reason;
}

}  // namespace hallmark::signing
