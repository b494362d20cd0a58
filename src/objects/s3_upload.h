// One object on its way to an S3 server: PutObject, or in parts when it is large.
//
// Every request carries the SHA-256 of its bytes (x-amz-content-sha256, which each server checks,
// and x-amz-checksum-sha256, which it keeps), and If-None-Match: * so that the key is taken by one
// writer. A server that does not know that condition refuses it (then it is asked without) or
// ignores it: the key was found free a moment before, and that has to do. Afterwards the server is
// asked what it holds.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/read_at.h"
#include "objects/objects.h"
#include "objects/s3_bucket.h"

namespace hallmark::objects {

struct S3Limits {
  std::uint64_t block_bytes = 8 * 1024 * 1024;            // of a read
  std::uint64_t single_put_bytes_max = 64 * 1024 * 1024;  // beyond it, in parts
  std::uint64_t part_bytes = 16 * 1024 * 1024;            // S3 wants 5 MiB at least
  // What is read to find out whether a version is the one to remove. A signed object is at most a
  // package of 250 MiB and its signature; who put other versions there may have put any.
  std::uint64_t removal_bytes_max = 1024 * 1024 * 1024;
};

// The SHA-256 of all of a content and of each of its parts.
struct ContentDigests {
  std::string sha256_hex;
  std::vector<Bytes> parts;
};
Result<ContentDigests> digest(const ReadAt& content, std::uint64_t part_bytes);

class S3Upload {
 public:
  struct What {
    S3Bucket bucket;
    Location destination;  // without a version
    const ReadAt& content;
    const ContentDigests& digests;
    S3Limits limits;
  };
  explicit S3Upload(What what) : what_(std::move(what)) {}

  // The new version; nothing when the key is taken, or the upload was ended by somebody else: then
  // whoever asked must look at what is there.
  //
  // In parts, the object appears with one small request, before which `may_appear` is asked; it
  // cannot when its upload was aborted meanwhile. A PutObject is asked for before and after: what
  // may no longer be there is removed.
  Result<std::optional<Pinned>> run(const MayAppear& may_appear);

 private:
  Result<std::optional<Pinned>> put_whole(const MayAppear& may_appear);
  Result<std::optional<Pinned>> put_parts(const MayAppear& may_appear);
  Result<std::optional<Pinned>> fill_and_complete(const std::string& upload_id,
                                                  const MayAppear& may_appear);
  Result<void> abort_all();
  Result<std::string> begin();
  Result<S3Part> put_part(const std::string& upload_id, std::size_t index);
  Result<S3Answer> send_unless_taken(S3Request request);
  Result<std::optional<Pinned>> appeared(const S3Answer& answer);

  const What what_;
};

}  // namespace hallmark::objects
