#include "objects/spool_file.h"

#include <cerrno>
#include <cstdlib>

#include <fcntl.h>
#include <unistd.h>

#include <fmt/format.h>

namespace hallmark::objects {

Result<std::unique_ptr<SpoolFile>> SpoolFile::create(const std::filesystem::path& folder) {
  int descriptor = ::open(folder.c_str(), O_TMPFILE | O_RDWR | O_EXCL | O_CLOEXEC, 0600);
  if (descriptor < 0 && (errno == EOPNOTSUPP || errno == EISDIR)) {  // not every file system can
    std::string name = (folder / ".spool-XXXXXX").string();
    descriptor = ::mkostemp(name.data(), O_CLOEXEC);
    if (descriptor >= 0) ::unlink(name.c_str());
  }
  if (descriptor < 0) {
    return system_error(fmt::format("create a temporary file in {}", folder.string()), errno);
  }
  return std::make_unique<SpoolFile>(descriptor);
}

SpoolFile::~SpoolFile() { ::close(descriptor_); }

Result<void> SpoolFile::write_at(std::uint64_t offset, ByteView bytes) {
  while (!bytes.empty()) {
    const ssize_t count = ::pwrite(descriptor_, bytes.data(), bytes.size(), off_t(offset));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return system_error("write a temporary file", errno);
    offset += std::uint64_t(count);
    bytes = bytes.subspan(std::size_t(count));
  }
  return {};
}

Result<void> SpoolFile::read_at(std::uint64_t offset, MutableByteView into) const {
  while (!into.empty()) {
    const ssize_t count = ::pread(descriptor_, into.data(), into.size(), off_t(offset));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return system_error("read a temporary file", errno);
    if (count == 0) return corrupt("a read past the end of the data");
    offset += std::uint64_t(count);
    into = into.subspan(std::size_t(count));
  }
  return {};
}

}  // namespace hallmark::objects
