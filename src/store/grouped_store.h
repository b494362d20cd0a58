// The Store of every engine: one writer that commits in groups, a pool of readers.
#pragma once

#include <memory>

#include "base/result.h"
#include "store/driver.h"
#include "store/store.h"

namespace hallmark::store {

// Opens the writer's connection, brings the schema up to date and finds the head of the chain.
Result<std::unique_ptr<Store>> open_store(std::unique_ptr<Driver> driver, Link link);

}  // namespace hallmark::store
