// DIR/admin.sock: where administrators reach a running server.
#pragma once

#include <memory>
#include <string>

#include "access/authorizer.h"
#include "audit/gate.h"
#include "auth/authenticator.h"
#include "base/descriptor.h"
#include "base/result.h"
#include "server/data_directory.h"
#include "server/installation.h"
#include "signing/signing_gate.h"

namespace hallmark::server {

// A path of the socket that is short enough for the system (107 bytes), however long DIR's is: then
// it goes through a descriptor of DIR, and is good for as long as the object lives.
class AdminSocketPath {
 public:
  static Result<std::unique_ptr<AdminSocketPath>> of(const DataDirectory& directory);
  const std::string& text() const { return text_; }

 private:
  AdminSocketPath(Descriptor folder, std::string text)
      : folder_(std::move(folder)), text_(std::move(text)) {}

  const Descriptor folder_;  // DIR, where its path is too long
  const std::string text_;
};

// Whether what changes anything may go on.
struct AdminGates {
  const audit::Gate& copies;
  const signing::SigningGate& signing;
};

class AdminSocket {
 public:
  // Listens; requests are answered from start() on. All that is given outlives the socket, and the
  // store is closed only after stop().
  static Result<std::unique_ptr<AdminSocket>> listen(Installation& installation,
                                                     auth::Authenticator& authenticator,
                                                     const access::Authorizer& authorizer,
                                                     const AdminGates& gates);
  virtual ~AdminSocket() = default;
  virtual void start() = 0;
  virtual void stop() = 0;  // requests that run are answered first
};

}  // namespace hallmark::server
