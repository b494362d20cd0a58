// The program's version, from the build.
#pragma once

#include <string_view>

namespace hallmark::cli {

inline constexpr std::string_view version = HALLMARK_VERSION;

}  // namespace hallmark::cli
