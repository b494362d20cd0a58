#include "base/signals.h"

#include <signal.h>

#include "base/check.h"

namespace hallmark {

void block_broken_pipes() {
  sigset_t signals;
  ::sigemptyset(&signals);
  ::sigaddset(&signals, SIGPIPE);
  CHECK(::pthread_sigmask(SIG_BLOCK, &signals, nullptr) == 0);
}

}  // namespace hallmark
