#include "base/descriptors.h"

#include <sys/resource.h>

#include <cerrno>

namespace hallmark {

Result<std::size_t> raise_descriptor_limit() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return system_error("getrlimit", errno);
  if (limit.rlim_cur < limit.rlim_max) {
    limit.rlim_cur = limit.rlim_max;
    if (::setrlimit(RLIMIT_NOFILE, &limit) != 0) return system_error("setrlimit", errno);
  }
  return std::size_t(limit.rlim_cur);
}

}  // namespace hallmark
