// The configuration file that a new installation starts from.
#pragma once

#include <string>

namespace hallmark::server {

// Every setting with its help and its default or an example, all commented out; the tables have
// their headers, so that a setting is set by taking away its "# ". Reads back as the defaults.
std::string example_configuration();

}  // namespace hallmark::server
