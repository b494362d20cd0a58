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
// letters; UTF-8 when the entry's flags say so. Other bytes above 127 are left as they are.
Result<void> check_zip_name(std::string_view name, std::uint16_t flags);

// Whether the target of the symbolic link `name` stays in the tree, whatever other links the tree
// holds: any `..` come first and are fewer than the folders above the link. Those folders are true
// folders (see check_zip_tree), so each `..` leads where it says; a `..` further on might follow
// another link.
Result<void> check_link_target(std::string_view name, std::string_view target);

// Whether the names make one tree: none twice, none both a file (or link) and a folder, none below
// a file (or link).
Result<void> check_zip_tree(std::span<const ZipEntry> entries);

}  // namespace hallmark::formats
