// Where events go.
#pragma once

#include <string_view>

#include "base/result.h"
#include "store/outbox.h"

namespace hallmark::events {

struct Message {
  std::string_view id;    // the same on every attempt
  std::string_view body;  // one line of JSON
};

// Used by one thread at a time.
class Target {
 public:
  virtual ~Target() = default;
  virtual store::EventTarget kind() const = 0;
  // Whether the message has arrived. Any error: it is sent again later.
  virtual Result<void> deliver(const Message& message) = 0;
};

}  // namespace hallmark::events
