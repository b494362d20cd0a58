#include "objects/spool_file.h"

#include <cerrno>
#include <cstdlib>

#include <fcntl.h>
#include <unistd.h>

#include <fmt/format.h>

namespace hallmark::objects {

Result<std::unique_ptr<SpoolFile>> SpoolFile::create(const std::filesystem::path& folder) {
  Descriptor file(::open(folder.c_str(), O_TMPFILE | O_RDWR | O_EXCL | O_CLOEXEC, 0600));
  if (!file.is_open() && (errno == EOPNOTSUPP || errno == EISDIR)) {  // not every file system can
    std::string name = (folder / ".spool-XXXXXX").string();
    file.reset(::mkostemp(name.data(), O_CLOEXEC));
    if (file.is_open()) ::unlink(name.c_str());
  }
  if (!file.is_open()) {
    return system_error(fmt::format("create a temporary file in {}", folder.string()), errno);
  }
  return std::make_unique<SpoolFile>(std::move(file));
}

Result<void> SpoolFile::write_at(std::uint64_t offset, ByteView bytes) {
  while (!bytes.empty()) {
    const ssize_t count = ::pwrite(file_.get(), bytes.data(), bytes.size(), off_t(offset));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return system_error("write a temporary file", errno);
    offset += std::uint64_t(count);
    bytes = bytes.subspan(std::size_t(count));
  }
  return {};
}

Result<void> SpoolFile::read_at(std::uint64_t offset, MutableByteView into) const {
  while (!into.empty()) {
    const ssize_t count = ::pread(file_.get(), into.data(), into.size(), off_t(offset));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return system_error("read a temporary file", errno);
    if (count == 0) return corrupt("a read past the end of the data");
    offset += std::uint64_t(count);
    into = into.subspan(std::size_t(count));
  }
  return {};
}

}  // namespace hallmark::objects
