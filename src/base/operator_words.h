// Errors in words for those who can do something about them: operators, at the command line, in the
// log and at /readyz.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/error.h"

namespace hallmark {

// What the machine refused or what is busy, alone; else the message with the detail. "The service
// is busy or stopping." is for clients of the API, who can do nothing about a file or a database.
std::string words_of(const Error& error);

// "cannot open /etc/hallmark/tls.key: Permission denied", of an error that system_error
// (base/error.h) or a function of base/file.h made, whatever it was passed through. Nothing: it is
// another error. Borrows from the error.
std::optional<std::string_view> find_machine_refusal(const Error& error);

}  // namespace hallmark
