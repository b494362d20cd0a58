// The rules for the names in an archive: what every reader unpacks at the same place, below the
// folder it was asked to unpack into. Private to this module.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "formats/zip_directory.h"

namespace hallmark::formats {

// A name fit for a message and a terminal: in quotes, cut when long, and byte by byte escaped
// unless all of it is printable (base/printable.h).
std::string quoted_name(std::string_view name);

// Invalid: `The entry "a/b" is encrypted.` for the predicate "is encrypted".
Error invalid_entry(std::string_view name, std::string_view predicate);

// A relative path without empty, `.` and `..` segments, backslashes, control characters and drive
// letters, in UTF-8.
Result<void> check_zip_name(std::string_view name);

// What tells readers how a name beyond ASCII is to be read: the UTF-8 flag, or a Unix, whose names
// they take for bytes. Invalid for others: one reader takes their names for code page 437, the next
// for UTF-8.
struct ZipNameOrigin {
  std::uint16_t flags = 0;
  std::uint8_t system = 0;  // of "version made by"
};
Result<void> check_name_encoding(std::string_view name, ZipNameOrigin origin);

// Whether the target of the symbolic link `name` stays in the tree, whatever other links the tree
// holds: any `..` come first and are fewer than the folders above the link. Those folders are true
// folders (see check_zip_tree), so each `..` leads where it says; a `..` further on might follow
// another link.
Result<void> check_link_target(std::string_view name, std::string_view target);

// Whether the names make one tree: none twice, none both a file (or link) and a folder, none below
// a file (or link).
Result<void> check_zip_tree(std::span<const ZipEntry> entries);

}  // namespace hallmark::formats
