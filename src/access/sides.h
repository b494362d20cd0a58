// Whose policies have to allow an action: one table for the calls and for their simulation.
#pragma once

#include <string_view>

#include "policy/evaluation.h"

namespace hallmark::access {

policy::Sides sides_of(std::string_view action);

}  // namespace hallmark::access
