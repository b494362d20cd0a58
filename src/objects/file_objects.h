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
  Result<Pinned> pin(const Location& location) override;
  Result<std::unique_ptr<ReadAt>> snapshot(const Pinned& pinned) override;
  Result<Pinned> put_once(const Location& destination, const Artifact& artifact,
                          const ReadAt& source) override;
  Result<void> remove(const Location& location) override;

  // For the command line. `put` makes a new version of the key, always.
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
  enum class Existing { becomes_older, must_be_the_same };
  Result<Pinned> write(const Location& destination, const Artifact& artifact, const ReadAt& source,
                       Existing existing);

  std::filesystem::path root_;
  const Clock& clock_;
  Random& random_;
};

}  // namespace hallmark::objects
