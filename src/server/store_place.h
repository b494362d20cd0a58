// Where the store of a data directory is: in the directory itself, or, when DIR/store is there, in
// a PostgreSQL database, as `init` or `join` was told. There is no secret in it.
//
//   url = postgresql://hallmark@db.example.com/hallmark
//   node = 0192f0c1-…
//
// The node's name belongs to this directory alone: whoever copies the directory gives the copy
// another one.
#pragma once

#include <memory>
#include <string>

#include "base/random.h"
#include "base/result.h"
#include "server/data_directory.h"
#include "store/store.h"

namespace hallmark::server {

// For a new installation: takes the directory's lock meanwhile. An empty URL: in the directory.
Result<void> choose_store(const DataDirectory& directory, const std::string& url, Random& random);

// Invalid: the URL is none (see store/postgresql_url.h), or holds a password.
Result<void> write_store_place(const DataDirectory& directory, const std::string& url,
                               Random& random);

// Opens it; requires the directory's lock. A `url` that is not empty counts before that of the
// file: the database has moved. Invalid: there is one, and the store is in the directory.
Result<std::unique_ptr<store::Store>> open_store(const DataDirectory& directory,
                                                 const std::string& url);

// The same of an installation, which has one: never makes it. Corrupt: the store's file is not
// there.
Result<std::unique_ptr<store::Store>> open_kept_store(const DataDirectory& directory,
                                                      const std::string& url);

// The same for reading only: needs no lock, and a server may run. Invalid: not initialised.
Result<std::unique_ptr<store::Store>> open_store_for_reading(const DataDirectory& directory);

}  // namespace hallmark::server
