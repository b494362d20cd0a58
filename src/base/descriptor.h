// A file descriptor, closed by its owner's end.
#pragma once

#include <utility>

namespace hallmark {

class Descriptor final {
 public:
  Descriptor() = default;
  // What open(), socket() and the like answered: below 0, there is none.
  explicit Descriptor(int number) : number_(number) {}
  ~Descriptor() { reset(-1); }
  Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Descriptor& operator=(Descriptor&&) = delete;

  // Closes what it has, and takes another one, not its own; -1: none. Leaves errno as it is.
  void reset(int number);
  int get() const { return number_; }
  bool is_open() const { return number_ >= 0; }

 private:
  int number_ = -1;
};

}  // namespace hallmark
