// Checks of an installation's state.
#pragma once

#include "base/result.h"
#include "server/data_directory.h"
#include "server/installation.h"

namespace hallmark::server {

// The store's structure, its rows' agreement and its audit chain, records included. Needs no key.
// Corrupt, naming the first fault; invalid when the directory is in use or not initialised.
Result<void> check_installation(const DataDirectory& directory);

// A production server does not run beside the root's private key.
Result<void> refuse_kept_root_key(Installation& installation);

}  // namespace hallmark::server
