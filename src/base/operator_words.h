// What the machine refused, in words for those who can do something about it: operators, at the
// command line and in the log.
#pragma once

#include <optional>
#include <string_view>

#include "base/error.h"

namespace hallmark {

// "cannot open /etc/hallmark/tls.key: Permission denied", of an error that system_error
// (base/error.h) or a function of base/file.h made, whatever it was passed through. Nothing: it is
// another error. Borrows from the error.
std::optional<std::string_view> find_machine_refusal(const Error& error);

}  // namespace hallmark
