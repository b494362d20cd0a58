// The `file:` back end: buckets in a folder, each version an immutable file that appears whole and
// durable or not at all (temporary file, fsync, rename, fsync of the folder).
//
//   ROOT/BUCKET/owner                        the account that the bucket belongs to
//   ROOT/BUCKET/<sha256 of the key>/key      the key's text
//   ROOT/BUCKET/<sha256 of the key>/<version>.<sha256 of the content>
//
// A version id is a UUIDv7, later than those before it, so the newest sorts last. Several processes
// may use one root at once.
#pragma once

#include <filesystem>
#include <memory>
#include <vector>

#include "base/clock.h"
#include "base/random.h"
#include "objects/objects.h"

namespace hallmark::objects {

class FileObjects final : public Objects {
 public:
  // `root` need not exist yet. Clock and random give version ids and outlive the object.
  FileObjects(std::filesystem::path root, const Clock& clock, Random& random);

  Result<std::optional<std::string>> find_bucket_owner(std::string_view bucket) override;
  Result<void> check_bucket(std::string_view bucket) override;
  Result<Pinned> pin(const Location& location) override;
  Result<std::unique_ptr<ReadAt>> snapshot(const Pinned& pinned) override;
  Result<Pinned> put_once(const Location& destination, const Artifact& artifact,
                          const ReadAt& source, const MayAppear& may_appear) override;
  Result<void> remove_content(const Location& location, std::string_view sha256_hex) override;

  // For the command line. `put` makes a new version of the key, always; `remove` takes all of them
  // away, and a key that is not there is fine.
  Result<void> remove(const Location& location);
  Result<void> create_bucket(std::string_view bucket,
                             std::string_view owner);  // again: fine for the same owner
  Result<Pinned> put(const Location& destination, const ReadAt& content);
  Result<std::vector<std::string>> list_buckets();
  struct Listed {
    std::string key;
    std::vector<Pinned> versions;  // newest first
  };
  Result<std::vector<Listed>> list(std::string_view bucket);  // by key

 private:
  // What is decided under the key's lock, when the bytes are durable: an error stops the new
  // version, a version that is there already stands for it.
  using Decide = std::function<Result<std::optional<Pinned>>(const std::string& sha256_hex)>;
  Result<Pinned> write(const Location& destination, const Artifact& artifact, const ReadAt& source,
                       const Decide& decide);

  std::filesystem::path root_;
  const Clock& clock_;
  Random& random_;
};

}  // namespace hallmark::objects
