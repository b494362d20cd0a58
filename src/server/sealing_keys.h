// The keys under which all that the store holds sealed stands. They lie in the store themselves,
// wrapped by the master key, so that this can be replaced without touching anything else at once.
#pragma once

#include <vector>

#include "base/random.h"
#include "base/result.h"
#include "base/secret.h"
#include "keys/custody.h"
#include "store/store.h"

namespace hallmark::server {

// Newest first, as keys::Sealer takes them. Invalid: the master key is another installation's.
Result<std::vector<Secret>> load_sealing_keys(store::Store& store, keys::MasterKey& master_key);

// Makes the first one.
Result<void> create_sealing_key(store::Store& store, keys::MasterKey& master_key, Random& random);

// How a rotation goes on, step by step; each is durable, and the same again after a crash.
//
// Adds a newer sealing key, unless the new master key has one already, and wraps all of them by
// both master keys: from here on either opens everything.
Result<void> begin_master_rotation(store::Store& store, keys::MasterKey& old_key,
                                   keys::MasterKey& new_key, Random& random);
// Leaves the newest sealing key alone, wrapped by the new master key alone. Everything must have
// been sealed anew.
Result<void> finish_master_rotation(store::Store& store, const keys::MasterKey& new_key);

}  // namespace hallmark::server
