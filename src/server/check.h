// Checks of an installation's state.
#pragma once

#include <cstdint>

#include "base/result.h"
#include "server/data_directory.h"
#include "server/installation.h"

namespace hallmark::server {

// The store's structure, its rows' agreement and its audit chain, records included, and that it is
// as far as the directory's head file says. Needs no key. The sequence of this node's last audit
// record. Corrupt, naming the first fault, also when the store is not there; invalid when the
// directory is in use or not initialised.
Result<std::int64_t> check_installation(const DataDirectory& directory);

// A production server does not run beside the root's private key.
Result<void> refuse_kept_root_key(Installation& installation);

}  // namespace hallmark::server
