// Owners of what C libraries hand out.
#pragma once

#include <memory>

namespace hallmark {

// Calls a C library's own function `f` to free its object.
template <auto f>
struct Frees {
  void operator()(auto* pointer) const noexcept { f(pointer); }
};

template <class T, auto f>
using Handle = std::unique_ptr<T, Frees<f>>;

}  // namespace hallmark
