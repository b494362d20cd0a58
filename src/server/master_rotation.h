// Replacing the master key while the installation serves. From the beginning to the end either
// master key opens everything; what the store holds sealed is sealed anew in small steps; at the
// end the old one opens nothing. Interrupted anywhere, it goes on where it was.
#pragma once

#include "keys/custody.h"
#include "server/installation.h"

namespace hallmark::server {

// Opened with the old master key: from here on the new one opens it too. Nothing if it does
// already.
Result<void> begin_rotation(Installation& installation, keys::MasterKey& new_key);

// Opened with the new master key: seals anew and ends the rotation, beside the requests that are
// served. How many rows were sealed anew; nothing if no rotation was under way.
Result<std::optional<std::size_t>> complete_rotation(Installation& installation);

}  // namespace hallmark::server
