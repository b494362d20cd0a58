// The object store that an installation reads from and writes to.
#pragma once

#include <memory>
#include <string>

#include "base/clock.h"
#include "base/random.h"
#include "base/result.h"
#include "objects/objects.h"
#include "server/configuration.h"
#include "server/data_directory.h"

namespace hallmark::server {

struct ObjectStoreSettings {
  std::string url = {};  // empty or "file:": the buckets of the data directory
  S3Settings s3 = {};    // of a URL that begins with "s3:"
};

// Invalid: the settings do not fit together, or there are no credentials. Asks no server yet. Clock
// and random outlive the store.
Result<std::unique_ptr<objects::Objects>> open_objects(const ObjectStoreSettings& settings,
                                                       const DataDirectory& directory,
                                                       const Clock& clock, Random& random);

}  // namespace hallmark::server
