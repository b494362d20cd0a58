#include "cli/output_file.h"

#include <cerrno>
#include <cstdio>

#include <sys/stat.h>
#include <unistd.h>

#include <fmt/format.h>

#include "cli/named_file.h"

namespace hallmark::cli {
namespace {

Error cannot_write(const std::filesystem::path& path, int number) {
  return system_error(fmt::format("write {}", path.string()), number);
}

}  // namespace

Result<OutputFile> OutputFile::of(const Arguments& arguments) {
  const auto if_there = arguments.has("--force") ? IfThere::is_replaced : IfThere::stays;
  OutputFile file("--output", whole_path(arguments.get(output_name)), if_there);
  file.hint_ = ": --force replaces it.";
  TRY(file.check());
  return file;
}

Result<OutputFile> OutputFile::of(std::string_view option, std::string_view path) {
  OutputFile file(option, whole_path(path), IfThere::stays);
  TRY(file.check());
  return file;
}

Error OutputFile::taken() const {
  return invalid(fmt::format("{}: {} exists already{}", option_, path_.string(), hint_));
}

// A folder, a device or a pipe is never replaced: only its name would change its meaning.
Result<void> OutputFile::check() const {
  struct stat status = {};
  if (::lstat(path_.c_str(), &status) == 0) {
    if (S_ISDIR(status.st_mode)) return about_option(option_, cannot_write(path_, EISDIR));
    if (if_there_ == IfThere::stays) return taken();
    if (S_ISREG(status.st_mode) || S_ISLNK(status.st_mode)) return {};
    return invalid(fmt::format("{}: {} is no regular file.", option_, path_.string()));
  }
  if (errno != ENOENT) return about_option(option_, cannot_write(path_, errno));
  const std::filesystem::path folder = path_.parent_path();
  if (::stat(folder.c_str(), &status) != 0) {
    return about_option(option_, cannot_write(path_, errno));
  }
  if (!S_ISDIR(status.st_mode)) return about_option(option_, cannot_write(path_, ENOTDIR));
  if (::access(folder.c_str(), W_OK) != 0) {
    return about_option(option_, cannot_write(path_, errno));
  }
  return {};
}

Result<void> OutputFile::write(ByteView content, unsigned mode) const {
  const auto written = [&]() -> Result<void> {
    TRY(const auto file, NewFile::create(path_.parent_path(), mode));
    TRY(file->write(content));
    return publish(*file);
  }();
  if (!written) return about_option(option_, written.error());
  return {};
}

Result<void> OutputFile::publish(NewFile& file) const {
  if (if_there_ == IfThere::is_replaced) return file.publish(path_);
  auto published = file.publish_new(path_);
  if (!published && published.error().kind == ErrorKind::conflict) return taken();
  return published;
}

Result<void> write_or_print(const Arguments& arguments, std::string_view text, unsigned mode) {
  if (arguments.has(output_name)) {
    TRY(const auto file, OutputFile::of(arguments));
    return file.write(bytes_of(text), mode);
  }
  if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size() || std::fflush(stdout) != 0) {
    return system_error("write to standard output", errno);
  }
  return {};
}

}  // namespace hallmark::cli
