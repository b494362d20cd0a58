// Result<T>: a T, or the Error that explains why there is none. Shaped like std::expected, which
// GCC 12 has only under C++23; when the compiler moves, this becomes an alias.
//
//   Result<Profile> find(ProfileName name);
//   TRY(auto profile, find(name));       // unwraps, or returns the error from this function
//   TRY(store.write(work));              // the same for Result<void>
//
// TRY is a statement. It is never used inside another expression or braces: as an expression it
// would leak the half-built aggregate with GCC 12 and clang 14, and a leaked Secret is not wiped.
#pragma once

#include <optional>
#include <utility>
#include <variant>

#include "base/check.h"
#include "base/error.h"

namespace hallmark {

template <class T>
class [[nodiscard]] Result {
 public:
  using value_type = T;

  Result(T value) : held_(std::in_place_index<0>, std::move(value)) {}
  Result(Error error) : held_(std::in_place_index<1>, std::move(error)) {}

  bool has_value() const { return held_.index() == 0; }
  explicit operator bool() const { return has_value(); }

  // Each requires has_value() == true, or false for error(); anything else aborts.
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T&& operator*() && { return std::move(value()); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }
  Error& error() {
    CHECK(!has_value());
    return *std::get_if<1>(&held_);
  }
  const Error& error() const {
    CHECK(!has_value());
    return *std::get_if<1>(&held_);
  }

 private:
  T& value() {
    CHECK(has_value());
    return *std::get_if<0>(&held_);
  }
  const T& value() const {
    CHECK(has_value());
    return *std::get_if<0>(&held_);
  }

  std::variant<T, Error> held_;
};

template <>
class [[nodiscard]] Result<void> {
 public:
  using value_type = void;

  Result() = default;
  Result(Error error) : error_(std::move(error)) {}

  bool has_value() const { return !error_.has_value(); }
  explicit operator bool() const { return has_value(); }
  void operator*() const { CHECK(has_value()); }
  Error& error() {
    CHECK(!has_value());
    return *error_;
  }
  const Error& error() const {
    CHECK(!has_value());
    return *error_;
  }

 private:
  std::optional<Error> error_;
};

}  // namespace hallmark

#define HALLMARK_JOIN_(a, b) a##b
#define HALLMARK_JOIN(a, b) HALLMARK_JOIN_(a, b)
#define HALLMARK_TRY_VALUE(name, declaration, ...)              \
  auto name = (__VA_ARGS__);                                    \
  if (!name) return ::hallmark::Error(std::move(name.error())); \
  declaration = *std::move(name)
#define HALLMARK_TRY_VOID(name, ...) \
  if (auto name = (__VA_ARGS__); !name) return ::hallmark::Error(std::move(name.error()))
// One argument: an expression of type Result<void>. Two: a declaration and a Result<T> (an
// expression with a comma outside parentheses counts as part of the second).
#define TRY(first, ...)                                                             \
  __VA_OPT__(HALLMARK_TRY_VALUE(HALLMARK_JOIN(try_, __LINE__), first, __VA_ARGS__)) \
  HALLMARK_TRY_ELSE##__VA_OPT__(_NOT)(HALLMARK_JOIN(try_, __LINE__), first)
#define HALLMARK_TRY_ELSE(name, expression) HALLMARK_TRY_VOID(name, expression)
#define HALLMARK_TRY_ELSE_NOT(name, expression)
