#include "bench/process.h"

#include <ctime>

namespace hallmark::bench {

double thread_cpu_seconds() {
  std::timespec time = {};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return double(time.tv_sec) + double(time.tv_nsec) * 1e-9;
}

double process_cpu_seconds(pid_t process) {
  ::clockid_t clock = {};
  std::timespec time = {};
  if (::clock_getcpuclockid(process, &clock) != 0 || ::clock_gettime(clock, &time) != 0) return 0;
  return double(time.tv_sec) + double(time.tv_nsec) * 1e-9;
}

}  // namespace hallmark::bench
