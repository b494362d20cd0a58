// guarded(fn): the only place of the program that catches exceptions. Our code throws nothing;
// libraries may. It stands at every thread, handler, unit of work and C callback.
#pragma once

#include <concepts>
#include <functional>
#include <type_traits>
#include <utility>

#include "base/result.h"

namespace hallmark {

// The Error for the exception that is being handled now. Only `guarded` calls it.
Error error_of_current_exception();

// Calls `function`, which returns a Result or nothing, and turns an exception into an Error of kind
// internal (out of memory: unavailable).
template <std::invocable F>
auto guarded(F&& function) {
  using Returned = std::invoke_result_t<F>;
  if constexpr (std::is_void_v<Returned>) {
    try {
      std::invoke(std::forward<F>(function));
      return Result<void>();
    } catch (...) {
      return Result<void>(error_of_current_exception());
    }
  } else {
    try {
      return Returned(std::invoke(std::forward<F>(function)));
    } catch (...) {
      return Returned(error_of_current_exception());
    }
  }
}

}  // namespace hallmark
