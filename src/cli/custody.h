// Where the keys of a data directory are, for the commands that need them.
#pragma once

#include "keys/custody.h"
#include "server/data_directory.h"

namespace hallmark::cli {

// Opens them: what is given and not empty counts, before what `init` or `dev` was told. Invalid:
// the directory is not initialised, or it says nowhere where its master key is.
Result<keys::Custody> open_custody(const server::DataDirectory& directory,
                                   const keys::KeyPlaces& given);

}  // namespace hallmark::cli
