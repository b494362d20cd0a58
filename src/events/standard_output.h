// Events as lines on a descriptor: standard output.
#pragma once

#include <memory>

#include "events/target.h"

namespace hallmark::events {

// Each line is written whole, or the attempt fails. The descriptor outlives the target.
std::unique_ptr<Target> lines_on(int descriptor);

}  // namespace hallmark::events
