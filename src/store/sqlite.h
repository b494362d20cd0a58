// The SQLite engine.
//
// SQLite 3.40 has a fault that corrupts a WAL database when two connections write or checkpoint at
// the same moment (fixed in 3.51.3). Therefore exactly one connection, the writer's, ever writes or
// checkpoints; readers are opened so that they cannot, and the caller's lock on the data directory
// keeps other processes out.
#pragma once

#include <filesystem>
#include <memory>

#include "store/driver.h"

namespace hallmark::store {

std::unique_ptr<Driver> sqlite_driver(const std::filesystem::path& path);

}  // namespace hallmark::store
