// Signals that the calling thread does not want.
#pragma once

namespace hallmark {

// What is written to a pipe or connection whose other end is gone fails, and does not end the
// process. For threads that write without MSG_NOSIGNAL, as OpenSSL does.
void block_broken_pipes();

}  // namespace hallmark
