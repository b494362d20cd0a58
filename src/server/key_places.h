// DIR/keys: where the keys of an installation are (keys/custody.h), as `init` or `dev` was told, so
// that no later command has to be. There is no secret in it.
//
//   keys = pkcs11:token=NAME?module-path=PATH&pin-source=file:PATH
//   master_key = /etc/hallmark/master.key
#pragma once

#include "base/result.h"
#include "keys/custody.h"
#include "server/data_directory.h"

namespace hallmark::server {

// Empty places where the file does not name them; of `dev`, the master key in the directory. What
// is given and not empty counts before what the file says.
Result<keys::KeyPlaces> find_key_places(const DataDirectory& directory,
                                        const keys::KeyPlaces& given);
Result<void> write_key_places(const DataDirectory& directory, const keys::KeyPlaces& places);

}  // namespace hallmark::server
