#include "cli/named_file.h"

#include <fmt/format.h>

#include "base/operator_words.h"

namespace hallmark::cli {

Result<std::unique_ptr<File>> open_file(const NamedFile& file) {
  auto opened = File::open(file.path);
  if (!opened) return about_option(file.option, opened.error());
  return opened;
}

Result<std::string> read_file(const NamedFile& file, std::size_t bytes_max) {
  auto content = hallmark::read_file(file.path, bytes_max);
  if (!content) return about_option(file.option, content.error());
  return content;
}

Error about_option(std::string_view option, const Error& error) {
  const std::string words = words_of(error);
  return invalid(option.empty() ? words : fmt::format("{}: {}", option, words), error.reason);
}

std::filesystem::path whole_path(std::string_view path) {
  auto whole = std::filesystem::absolute(path).lexically_normal();
  const bool ends_in_slash = !whole.has_filename() && whole.has_relative_path();
  return ends_in_slash ? whole.parent_path() : whole;
}

std::filesystem::path without_links(const std::filesystem::path& path) {
  std::error_code unreadable;  // is said when the file is opened
  auto followed = std::filesystem::weakly_canonical(path, unreadable);
  return unreadable ? path : followed;
}

bool is_inside(const std::filesystem::path& path, const std::filesystem::path& directory) {
  const auto relative = without_links(path).lexically_relative(without_links(directory));
  return !relative.empty() && *relative.begin() != "..";
}

}  // namespace hallmark::cli
