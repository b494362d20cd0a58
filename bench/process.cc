#include "bench/process.h"

#include <cstdio>
#include <ctime>
#include <memory>

#include <unistd.h>

#include <fmt/format.h>

namespace hallmark::bench {
namespace {

struct ClosesFile {
  void operator()(std::FILE* file) const { std::fclose(file); }
};

}  // namespace

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

double process_rss_mebibytes(pid_t process) {
  const std::unique_ptr<std::FILE, ClosesFile> file(
      std::fopen(fmt::format("/proc/{}/statm", process).c_str(), "r"));
  long size = 0;
  long resident = 0;
  if (!file || std::fscanf(file.get(), "%ld %ld", &size, &resident) != 2) return 0;
  return double(resident) * double(::sysconf(_SC_PAGESIZE)) / (1024.0 * 1024.0);
}

}  // namespace hallmark::bench
