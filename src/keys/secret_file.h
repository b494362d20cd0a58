// Small secrets that an operator keeps in a file: PINs and master keys.
#pragma once

#include <filesystem>
#include <string_view>

#include "base/result.h"
#include "base/secret.h"

namespace hallmark::keys {

inline constexpr std::string_view credential_scheme = "credential:";

// Where the text says: "file:PATH", "PATH", or "credential:NAME", a file that systemd gives the
// service (LoadCredential=, in $CREDENTIALS_DIRECTORY). Invalid: a credential that is no file's
// name, or a process without credentials.
Result<std::filesystem::path> find_secret_file(std::string_view where);

// The whole file. Invalid: others can read it (any bit of 0077; of a credential, whose reader
// systemd adds by an access list, any bit of 0037), it is empty, or it has more than `bytes_max`.
// Not found: there is none.
Result<Secret> read_secret_file(std::string_view where, std::size_t bytes_max);

}  // namespace hallmark::keys
