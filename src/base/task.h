// Task<R(A...)>: a callable that can be moved and called once or often, but not copied: what
// std::move_only_function is in C++23. An empty Task must not be called.
#pragma once

#include <concepts>
#include <memory>
#include <type_traits>
#include <utility>

#include "base/check.h"

namespace hallmark {

template <class Signature>
class Task;

// A function that returns something is no Task of nothing: what it returns may be an error.
template <class F, class R, class... A>
concept CallableAs = std::is_invocable_r_v<R, F&, A...> && std::is_void_v<R>
== std::is_void_v<std::invoke_result_t<F&, A...>>;

template <class R, class... A>
class Task<R(A...)> {
 public:
  Task() = default;

  template <class F>
  requires(!std::same_as<std::remove_cvref_t<F>, Task> && CallableAs<F, R, A...>) Task(F&& function)
      : body_(std::make_unique<Body<std::remove_cvref_t<F>>>(std::forward<F>(function))) {}

  explicit operator bool() const { return body_ != nullptr; }

  R operator()(A... arguments) {
    CHECK(body_ != nullptr);
    return body_->call(std::forward<A>(arguments)...);
  }

 private:
  struct Callable {
    virtual ~Callable() = default;
    virtual R call(A... arguments) = 0;
  };
  template <class F>
  struct Body final : Callable {
    explicit Body(F&& f) : function(std::move(f)) {}
    explicit Body(const F& f) : function(f) {}
    R call(A... arguments) override { return function(std::forward<A>(arguments)...); }
    F function;
  };

  std::unique_ptr<Callable> body_;
};

// Receives the outcome of something that completes later, exactly once, on any thread.
template <class T>
class Result;
template <class T>
using Then = Task<void(Result<T>)>;

}  // namespace hallmark
