// SocketFile: the name of a listening Unix socket in the file system. Private to http.
#pragma once

#include <sys/types.h>

#include <memory>
#include <string>

#include "base/result.h"

namespace hallmark::http {

// Not copyable, not movable. Its end removes the file, if it is still the one that was made here.
class SocketFile {
 public:
  // Binds the socket to `path` with mode 0600, whatever the umask allows more. A socket file that
  // nobody listens on any more is replaced. Invalid: somebody listens there, something else has the
  // name, or the name cannot be had (too long, no folder, not permitted). Two that do this at the
  // same moment are not told apart: who may do it is settled by a lock on the folder.
  static Result<std::unique_ptr<SocketFile>> bind(int socket, const std::string& path);

  SocketFile(std::string path, dev_t device, ino_t node)
      : path_(std::move(path)), device_(device), node_(node) {}
  ~SocketFile();
  SocketFile(const SocketFile&) = delete;
  SocketFile& operator=(const SocketFile&) = delete;

 private:
  const std::string path_;
  const dev_t device_;
  const ino_t node_;
};

}  // namespace hallmark::http
