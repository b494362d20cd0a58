// The one rule for files that commands write: what is there stays, unless --force says otherwise,
// and a file appears under its name whole and durable, or not at all.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/file.h"
#include "base/result.h"
#include "cli/command.h"

namespace hallmark::cli {

inline constexpr std::string_view output_name = "-o,--output";
inline constexpr Option output_option = {OptionKind::required, output_name, "the file to write"};
inline constexpr Option optional_output_option = {OptionKind::optional, output_name,
                                                  "the file to write (default: standard output)"};
inline constexpr Option force_option = {OptionKind::flag, "--force",
                                        "replace the output file if it is there"};

// Modes of files, whatever the umask.
inline constexpr unsigned public_file = 0644;
inline constexpr unsigned secret_file = 0600;

class OutputFile {
 public:
  // By --output and --force, before anything is done whose result would have no place. Invalid,
  // naming the option: the file is there, its folder is not, or something other than a file is.
  static Result<OutputFile> of(const Arguments& arguments);
  // The same of another option, which --force does not concern.
  static Result<OutputFile> of(std::string_view option, std::string_view path);

  // Whole, as it was checked.
  const std::filesystem::path& path() const { return path_; }

  Result<void> write(ByteView content, unsigned mode) const;
  // What is written to a NewFile in the folder of path(), which exists.
  Result<void> publish(NewFile& file) const;

 private:
  enum class IfThere { stays, is_replaced };
  OutputFile(std::string_view option, std::filesystem::path path, IfThere if_there)
      : option_(option), path_(std::move(path)), if_there_(if_there) {}
  Result<void> check() const;
  Error taken() const;

  std::string_view option_;
  std::filesystem::path path_;
  IfThere if_there_;
  std::string_view hint_ = ".";
};

// Text to the output file, or to standard output when none was named.
Result<void> write_or_print(const Arguments& arguments, std::string_view text, unsigned mode);

}  // namespace hallmark::cli
