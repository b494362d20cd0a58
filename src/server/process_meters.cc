#include "server/process_meters.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <filesystem>
#include <system_error>

#include "base/descriptor.h"

namespace hallmark::server {
namespace {

double seconds_of(const timeval& time) { return double(time.tv_sec) + double(time.tv_usec) * 1e-6; }

struct Pages {
  std::uint64_t all = 0;
  std::uint64_t resident = 0;
};

// /proc/self/statm (proc(5)): "all resident …", in pages.
Result<Pages> read_pages() {
  const Descriptor file(::open("/proc/self/statm", O_RDONLY | O_CLOEXEC));
  if (!file.is_open()) return system_error("open /proc/self/statm", errno);
  std::array<char, 256> text{};
  const ssize_t bytes = ::read(file.get(), text.data(), text.size());
  if (bytes <= 0) return system_error("read /proc/self/statm", errno);
  const char* const end = text.data() + bytes;
  Pages pages;
  const auto all = std::from_chars(text.data(), end, pages.all);
  if (all.ec != std::errc() || all.ptr == end) return internal_error("/proc/self/statm is odd");
  const auto resident = std::from_chars(all.ptr + 1, end, pages.resident);
  if (resident.ec != std::errc()) return internal_error("/proc/self/statm is odd");
  return pages;
}

Result<std::uint64_t> count_descriptors() {
  std::error_code error;
  std::uint64_t count = 0;
  auto entry = std::filesystem::directory_iterator("/proc/self/fd", error);
  for (; !error && entry != std::filesystem::directory_iterator(); entry.increment(error)) ++count;
  if (error) return system_error("read /proc/self/fd", error.value());
  return count > 0 ? count - 1 : 0;  // without the one that looks
}

}  // namespace

Result<ProcessMeters> read_process_meters() {
  rusage usage{};
  rlimit limit{};
  if (::getrusage(RUSAGE_SELF, &usage) != 0) return system_error("getrusage", errno);
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return system_error("getrlimit", errno);
  TRY(const Pages pages, read_pages());
  TRY(const std::uint64_t descriptors, count_descriptors());
  const auto page_bytes = std::uint64_t(::sysconf(_SC_PAGESIZE));
  return ProcessMeters{.cpu_seconds = seconds_of(usage.ru_utime) + seconds_of(usage.ru_stime),
                       .resident_bytes = pages.resident * page_bytes,
                       .virtual_bytes = pages.all * page_bytes,
                       .open_descriptors = descriptors,
                       .descriptors_max = std::uint64_t(limit.rlim_cur)};
}

}  // namespace hallmark::server
