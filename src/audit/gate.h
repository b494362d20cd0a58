// Whether what signs, revokes or grants may go on: not while a copy of the audit log that is
// required cannot be written.
#pragma once

#include "base/error.h"

namespace hallmark::audit {

// Safe to call from any thread; asked on the way of every such request.
class Gate {
 public:
  virtual ~Gate() = default;
  virtual bool is_open() const = 0;
};

// Where no copy is required.
class OpenGate final : public Gate {
 public:
  bool is_open() const override { return true; }
};

inline Error gate_closed() { return unavailable("The audit log cannot be written."); }

}  // namespace hallmark::audit
