// What is told to the service manager (systemd, Type=notify) that started this process: a datagram
// to the socket that NOTIFY_SOCKET names, as sd_notify(3) describes.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace hallmark::cli {

inline constexpr std::string_view manager_ready = "READY=1";
inline constexpr std::string_view manager_stopping = "STOPPING=1";

// Sends `state` to `socket`: a path, or "@NAME" of an abstract socket. Does nothing when it is
// empty: no manager waits.
Result<void> notify_manager(const std::string& socket, std::string_view state);

// To the socket of the environment; a failure is logged, for the service serves all the same.
void notify_manager(std::string_view state);

}  // namespace hallmark::cli
