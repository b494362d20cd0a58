#include "base/descriptor.h"

#include <cerrno>

#include <unistd.h>

namespace hallmark {

void Descriptor::reset(int number) {
  const int before = errno;
  if (number_ >= 0) ::close(number_);
  errno = before;
  number_ = number;
}

}  // namespace hallmark
