// What a file system has left, of which the last is for what must always be possible: revocations.
#pragma once

#include <cstdint>
#include <filesystem>

#include "base/result.h"

namespace hallmark {

inline constexpr std::uint64_t free_bytes_min = std::uint64_t(16) << 20;

// Of the file system that `path` is on, as far as it is for this user.
Result<std::uint64_t> find_free_bytes(const std::filesystem::path& path);

// For what grows, before it does. Unavailable: it would take of the last free_bytes_min. What
// cannot be seen refuses nothing.
Result<void> check_room(const std::filesystem::path& path, std::uint64_t bytes);

}  // namespace hallmark
