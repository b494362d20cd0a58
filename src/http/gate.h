// Gate: the way back into a context for those who may outlive it. Private to http.
#pragma once

#include <concepts>
#include <utility>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include "base/mutex.h"

namespace hallmark::http {

// Shared (by shared_ptr) between a worker and the replies of its requests, because a reply may be
// kept after the server is gone. Any thread.
class Gate {
 public:
  explicit Gate(boost::asio::io_context& context) : context_(&context) {}

  // Runs `work` on the context's thread: at once when called there, else soon. After close(), and
  // when the context ends first, `work` is dropped.
  template <std::invocable F>
  void run(F work) {
    {
      const MutexLock lock(mutex_);
      if (context_ == nullptr) return;
      if (!context_->get_executor().running_in_this_thread()) {
        boost::asio::post(*context_, std::move(work));
        return;
      }
    }
    // Only the context's own thread closes the gate, and it is here.
    work();
  }

  // Called on the context's thread when it has stopped running handlers.
  void close() {
    const MutexLock lock(mutex_);
    context_ = nullptr;
  }

 private:
  Mutex mutex_;
  boost::asio::io_context* context_ GUARDED_BY(mutex_);
};

}  // namespace hallmark::http
