// How many descriptors (files, sockets) this process may have open.
#pragma once

#include <cstddef>

#include "base/result.h"

namespace hallmark {

// Raises the limit to the most that the machine grants without asking (`ulimit -Hn`) and returns
// it. The usual 1024 stands for the sake of select(2) alone, which nothing here uses. Affects the
// whole process; may be called again.
Result<std::size_t> raise_descriptor_limit();

}  // namespace hallmark
