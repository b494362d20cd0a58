// Restoring a backup (server/backup.h) into a data directory of its own.
#pragma once

#include <string>

#include "base/read_at.h"
#include "base/result.h"
#include "keys/custody.h"
#include "server/backup_file.h"
#include "server/data_directory.h"

namespace hallmark::server {

// Reads and checks every byte. Invalid: no backup, or another master key's. Corrupt: it is damaged
// or cut off.
Result<BackupFacts> check_backup(const ReadAt& file, keys::MasterKey& master_key);

// Checks the backup, writes what is in it, and checks the store as `hallmark check` does. The
// restored store stands still until an operator accepts it (store/standstill.h), since what was
// revoked after the backup is good again in it. `places` are remembered before those of the backup.
// Invalid: the directory is there and not empty. After an error the directory holds what was
// written, and is not initialised.
Result<BackupFacts> restore(const ReadAt& file, const DataDirectory& directory,
                            const keys::KeyPlaces& places, keys::MasterKey& master_key);

}  // namespace hallmark::server
