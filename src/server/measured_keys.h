// A key provider that measures another: how long signatures take, and what fails.
#pragma once

#include <memory>

#include "base/meters.h"
#include "keys/keys.h"

namespace hallmark::server {

struct KeyMeters {
  Durations signatures;
  Counter errors;  // calls that failed because the back end is away, or for a fault
};

// The meters outlive the provider and its signers.
std::unique_ptr<keys::KeyProvider> measured(std::unique_ptr<keys::KeyProvider> keys,
                                            KeyMeters& meters);

}  // namespace hallmark::server
