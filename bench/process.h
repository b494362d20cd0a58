// What a process has used, from /proc.
#pragma once

#include <sys/types.h>

namespace hallmark::bench {

double thread_cpu_seconds();                // of the calling thread
double process_cpu_seconds(pid_t process);  // user and system, all threads
double process_rss_mebibytes(pid_t process);

}  // namespace hallmark::bench
