#include "cli/suggestion.h"

#include <algorithm>
#include <numeric>

namespace hallmark::cli {
namespace {

constexpr std::size_t word_bytes_max = 40;  // the time goes with the square of it
constexpr std::size_t letters_per_mistake = 3;
constexpr std::size_t prefix_bytes_min = 2;

// How many letters are to be changed, put in, left out or swapped with the next one (the restricted
// Damerau-Levenshtein distance).
std::size_t mistakes_between(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before_last(b.size() + 1);
  std::vector<std::size_t> last(b.size() + 1);
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(last.begin(), last.end(), std::size_t(0));
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t change = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      row[j] = std::min({change, last[j] + 1, row[j - 1] + 1});
      const bool is_swap = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (is_swap) row[j] = std::min(row[j], before_last[j - 2] + 1);
    }
    std::swap(before_last, last);
    std::swap(last, row);
  }
  return last.back();
}

}  // namespace

std::string find_near_word(std::string_view typed, const std::vector<std::string>& words) {
  if (typed.size() > word_bytes_max) return {};
  std::string nearest;
  std::size_t fewest = typed.size() / letters_per_mistake + 1;  // as many make another word
  for (const std::string& word : words) {
    const bool is_begun = typed.size() >= prefix_bytes_min && word.starts_with(typed);
    const std::size_t mistakes = is_begun ? 0 : mistakes_between(typed, word);
    if (mistakes >= fewest) continue;
    nearest = word;
    fewest = mistakes;
  }
  return nearest;
}

}  // namespace hallmark::cli
