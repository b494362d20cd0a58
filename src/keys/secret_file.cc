#include "keys/secret_file.h"

#include <cerrno>
#include <cstdlib>

#include <sys/stat.h>

#include <fmt/format.h>

#include "base/file.h"

namespace hallmark::keys {
namespace {

constexpr std::string_view file_scheme = "file:";

}  // namespace

Result<std::filesystem::path> find_secret_file(std::string_view where) {
  if (where.starts_with(file_scheme)) where.remove_prefix(file_scheme.size());
  if (!where.starts_with(credential_scheme)) return std::filesystem::path(where);
  const std::string_view name = where.substr(credential_scheme.size());
  if (name.empty() || name.find('/') != name.npos || name.starts_with('.')) {
    return invalid("credential:NAME must name one of the service's credentials.");
  }
  const char* const folder = std::getenv("CREDENTIALS_DIRECTORY");
  if (folder == nullptr || *folder == '\0') {
    return invalid(fmt::format(
        "systemd gave this process no credentials: the unit needs LoadCredential={}:PATH.", name));
  }
  return std::filesystem::path(folder) / name;
}

Result<Secret> read_secret_file(std::string_view where, std::size_t bytes_max) {
  TRY(const auto path, find_secret_file(where));
  TRY(const auto file, File::open(path));
  struct stat status = {};
  if (::fstat(file->descriptor(), &status) != 0) {
    return system_error("look at a file with a secret", errno);
  }
  const mode_t forbidden = where.starts_with(credential_scheme) ? 0037 : 0077;
  if ((status.st_mode & forbidden) != 0) {
    return invalid(
        fmt::format("Others may read or write {}: its mode must be 0400.", path.string()));
  }
  if (file->size() == 0 || file->size() > bytes_max) {
    return invalid(fmt::format("{} must hold 1 to {} bytes.", path.string(), bytes_max));
  }
  Secret content(file->size());
  TRY(file->read_at(0, content.fill()));
  return content;
}

}  // namespace hallmark::keys
