#include "base/check.h"

#include <cstdio>
#include <cstdlib>

namespace hallmark {

void check_failed(const char* condition, const char* file, int line) {
  std::fprintf(stderr, "hallmark: broken invariant: %s (%s:%d)\n", condition, file, line);
  std::abort();
}

}  // namespace hallmark
