// Files that the caller names, as arguments or options. What goes wrong with them is said with the
// option, the path and the machine's own reason: "--config: cannot open a.toml: Permission denied".
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "base/file.h"
#include "base/result.h"

namespace hallmark::cli {

struct NamedFile {
  std::string path;
  std::string_view option = {};  // "--config"; empty: the path says enough
};

// As File::open and read_file, but Invalid with words for the caller.
Result<std::unique_ptr<File>> open_file(const NamedFile& file);
Result<std::string> read_file(const NamedFile& file, std::size_t bytes_max);

// An error in an operator's words (base/operator_words.h), behind the option's name.
Error about_option(std::string_view option, const Error& error);

// The whole path, without the dots of "./a/../b" and the slash of "a/".
std::filesystem::path whole_path(std::string_view path);
// The same without links, as far as they can be followed.
std::filesystem::path without_links(const std::filesystem::path& path);
// Whatever links lead there.
bool is_inside(const std::filesystem::path& path, const std::filesystem::path& directory);

}  // namespace hallmark::cli
