// What the machine says of this process.
#pragma once

#include <cstdint>

#include "base/result.h"

namespace hallmark::server {

struct ProcessMeters {
  double cpu_seconds = 0;  // of user and system together
  std::uint64_t resident_bytes = 0;
  std::uint64_t virtual_bytes = 0;
  std::uint64_t open_descriptors = 0;
  std::uint64_t descriptors_max = 0;
};

// Internal where the machine does not say.
Result<ProcessMeters> read_process_meters();

}  // namespace hallmark::server
