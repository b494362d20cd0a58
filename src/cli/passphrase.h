// Passphrases: never an argument, which others see by `ps` and the shell remembers.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "base/secret.h"

namespace hallmark::cli {

// The first line of the file (keys/secret_file.h: a file that others cannot read, or
// credential:NAME), or of standard input for "-"; without a file, what is typed at the terminal
// after "What: ", unseen ("passphrase of the root's key"). Invalid: it is empty or too long, or
// there is no terminal.
Result<Secret> read_passphrase(const std::string& file, std::string_view what);

}  // namespace hallmark::cli
