// What a process has used, of the processor.
#pragma once

#include <sys/types.h>

namespace hallmark::bench {

double thread_cpu_seconds();                // of the calling thread
double process_cpu_seconds(pid_t process);  // user and system, all threads

}  // namespace hallmark::bench
