// Backups of a data directory: its store as it is at one moment, the small files beside it, and the
// embedded buckets if that is wanted, in one encrypted file (server/backup_file.h). Made while a
// server runs or not. Nothing in it is a secret that is not sealed.
#pragma once

#include <filesystem>
#include <string>

#include "base/random.h"
#include "base/result.h"
#include "keys/custody.h"
#include "server/backup_file.h"
#include "server/data_directory.h"

namespace hallmark::server {

enum class BackedUpObjects { left_out, included };
struct BackupOrder {
  DataDirectory directory;
  std::filesystem::path output;  // must not be there
  std::string version;           // the program's
  BackedUpObjects objects = BackedUpObjects::left_out;
};

// The copy of the store is checked in full before it is written, and lies, sealed as the store is,
// in a folder beside the output meanwhile; those that killed backups left there are removed. The
// output appears whole or not at all, and never in the place of another file. Invalid: the
// store is in a database of its own, the output is there, or the master key is not the one of the
// store. Corrupt: the store is not sound.
Result<BackupFacts> back_up(const BackupOrder& order, keys::MasterKey& master_key, Random& random);

}  // namespace hallmark::server
