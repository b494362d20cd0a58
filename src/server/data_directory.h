// The data directory: where everything of an installation lies, and the lock that one process
// holds.
//
//   DIR/lock            held by the process that has the store open, and its number
//   DIR/hallmark.db     the store (SQLite, with its -wal and -shm)
//   DIR/head            how far the store has come, so that an older one is noticed (head_keeper.h)
//   DIR/store           where the store is, if not here
//   DIR/objects/        the embedded buckets
//   DIR/installation    its facts (account, region, partition); its presence means that it is whole
//   DIR/keys            where its keys are, if not all in the store under DIR/master.key
//   DIR/master.key      only `dev`: the key that seals all others
//   DIR/credentials     only `dev`: an AWS shared-credentials file with the admin's access key
//   DIR/roots.pem       the root certificates, public: what verifiers trust
//   DIR/endpoint        the URL of the running server; gone when it stops
//   DIR/ops-endpoint    the URL of its /livez, /readyz and /metrics
//   DIR/admin.sock      its Unix socket for administrators; gone when it stops
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "base/descriptor.h"
#include "base/result.h"

namespace hallmark::server {

struct DataDirectory {
  std::filesystem::path path;

  std::filesystem::path store() const { return path / "hallmark.db"; }
  std::filesystem::path store_place() const { return path / "store"; }
  std::filesystem::path head() const { return path / "head"; }
  std::filesystem::path objects() const { return path / "objects"; }
  std::filesystem::path installation() const { return path / "installation"; }
  std::filesystem::path master_key() const { return path / "master.key"; }
  std::filesystem::path key_places() const { return path / "keys"; }
  std::filesystem::path credentials() const { return path / "credentials"; }
  std::filesystem::path root_certificates() const { return path / "roots.pem"; }
  std::filesystem::path endpoint() const { return path / "endpoint"; }
  std::filesystem::path operations_endpoint() const { return path / "ops-endpoint"; }
  std::filesystem::path admin_socket() const { return path / "admin.sock"; }

  // Whether `init` or `dev` has finished here.
  bool initialised() const {
    std::error_code unreadable;  // is not initialised for us
    return std::filesystem::exists(installation(), unreadable);
  }
};

// Invalid: `init` or `dev` has not finished here, or it is no data directory at all. A refusal of
// the machine (base/operator_words.h): it cannot be looked at.
Result<void> require_initialised(const DataDirectory& directory);

// Whether a new installation may be made here: the directory is missing, empty, or holds nothing
// but what an interrupted attempt left. Invalid otherwise, so that keys never lie beside other
// files. Looks only.
Result<void> check_unused(const DataDirectory& directory);

// Whether a process holds the directory's lock at this moment.
bool in_use(const DataDirectory& directory);

// The exclusive use of a data directory, for as long as it lives.
class DirectoryLock {
 public:
  // Makes the directory (0700) when it is missing. Invalid: another process holds the lock, which
  // is named, or the directory belongs to another user.
  static Result<std::unique_ptr<DirectoryLock>> take(const DataDirectory& directory);

 private:
  explicit DirectoryLock(Descriptor file) : file_(std::move(file)) {}
  const Descriptor file_;
};

}  // namespace hallmark::server
