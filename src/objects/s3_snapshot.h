// A pinned version as ReadAt: an unnamed temporary file that is filled block by block, each fetched
// once, when it is first read.
//
// So a read never waits for the whole object (a job renews its lease between reads), a broken
// transfer resumes at its block, and what was read once is never asked for again: whoever verifies
// and whoever signs see the same bytes. Every block must come from the version that was pinned,
// with the ETag of the first one, and as long as the pinned size says.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/mutex.h"
#include "base/read_at.h"
#include "objects/objects.h"
#include "objects/s3_bucket.h"
#include "objects/spool_file.h"

namespace hallmark::objects {

class S3Snapshot final : public ReadAt {
 public:
  struct Parts {
    S3Bucket bucket;
    Pinned pinned;
    std::uint64_t block_bytes;
  };
  S3Snapshot(Parts parts, std::unique_ptr<SpoolFile> file);

  std::uint64_t size() const override { return parts_.pinned.size; }
  // not_found: the version is gone. corrupt: it is not what was pinned. unavailable: try again.
  Result<void> read_at(std::uint64_t offset, MutableByteView into) const override;

 private:
  struct Block {
    std::uint64_t offset, length;
  };
  Block block(std::size_t number) const;
  Result<void> fetch(std::size_t number) const REQUIRES_LOCK(mutex_);
  Result<void> check(const S3Answer& answer, const Block& wanted) const REQUIRES_LOCK(mutex_);

  const Parts parts_;
  const std::unique_ptr<SpoolFile> file_;
  mutable Mutex mutex_;  // also held while a block comes: nobody fetches one twice
  mutable std::vector<bool> is_there_ GUARDED_BY(mutex_);
  mutable std::string etag_ GUARDED_BY(mutex_);
};

}  // namespace hallmark::objects
