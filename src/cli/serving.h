// What `dev` and `server` share: serving an installation until a stop signal.
#pragma once

#include <functional>
#include <memory>

#include "base/result.h"
#include "cli/command.h"
#include "server/installation.h"
#include "server/service.h"

namespace hallmark::cli {

// --listen, --ops-listen, --objects, --keys, --master-key and --config as options of the service:
// an option wins over the file, and the operations listener takes a free port beside --listen.
// Invalid, naming the option.
Result<server::ServiceOptions> read_service_options(const Arguments& arguments);

// Starts, prints `hallmark listening on URL` on stdout, calls `when_ready`, waits for
// SIGTERM or SIGINT (or SIGHUP), and drains; tells the service manager of each. Signals must be
// blocked before (server::block_stop_signals).
Result<void> serve(std::unique_ptr<server::Installation> installation,
                   const server::ServiceOptions& options, server::HangUp hang_up,
                   const std::function<void(const server::Service&)>& when_ready);

// In the log, when the process runs as root.
void warn_of_root();

// Limits what the process may leak: no core dumps, files made private.
Result<void> harden_process();

}  // namespace hallmark::cli
