// CHECK: an invariant of ours, in every build. Never used on input.
#pragma once

namespace hallmark {

// Prints where and what, and aborts: with a wrong state nothing may be signed or stored.
[[noreturn]] void check_failed(const char* condition, const char* file, int line);

}  // namespace hallmark

#define CHECK(condition) \
  ((condition) ? void(0) : ::hallmark::check_failed(#condition, __FILE__, __LINE__))
