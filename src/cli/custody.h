// Where the keys of a data directory are, for the commands that need them.
#pragma once

#include <string>

#include "keys/custody.h"
#include "server/data_directory.h"

namespace hallmark::cli {

// Opens them: what is given and not empty counts, before what `init` or `dev` was told. Invalid:
// the directory is not initialised, it says nowhere where its master key is, or there is none.
Result<keys::Custody> open_custody(const server::DataDirectory& directory,
                                   const keys::KeyPlaces& given);

// Opens the keys at these places, of no directory yet. Invalid: why there is no master key.
Result<keys::Custody> open_places(const keys::KeyPlaces& places);

// A master key's place as it is remembered: a file by its whole path. Wrong usage: it is empty.
Result<std::string> absolute_place(const std::string& place);

// Makes the new master key unless it is there, and begins a rotation to it (server/
// master_rotation.h) unless the old one opens nothing any more. An empty place: as remembered.
// Invalid: it is to be served meanwhile, and other nodes that share the store would not understand
// what is sealed anew.
enum class Meanwhile { stopped, serving };
struct RotationPlaces {
  std::string old_master_key;
  std::string new_master_key;
  Meanwhile meanwhile;
};
Result<void> begin_rotation(const server::DataDirectory& directory, const RotationPlaces& places);
// Replaces the remembered place of the master key, if there is one.
Result<void> remember_master_key(const server::DataDirectory& directory, const std::string& place);

}  // namespace hallmark::cli
