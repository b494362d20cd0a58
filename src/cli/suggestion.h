// What was probably meant by a word that is none.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace hallmark::cli {

// The nearest of the words, as people mistype them: a few letters are wrong, missing, too many or
// swapped, or the end is missing. Empty: none is near.
std::string find_near_word(std::string_view typed, const std::vector<std::string>& words);

}  // namespace hallmark::cli
