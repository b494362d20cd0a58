// Objects: blobs in versioned buckets, as S3 has them. The back end is chosen by a URL; `file:` is
// the embedded default.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/artifact.h"
#include "base/bytes.h"
#include "base/read_at.h"
#include "base/result.h"

namespace hallmark::objects {

// One version of one object, named. Text as it came; the back end checks what it needs.
struct Location {
  std::string bucket;
  std::string key;
  std::string version = {};  // empty: the newest

  bool operator==(const Location&) const = default;
};

// A version that is known to exist: what it holds can no longer change.
struct Pinned {
  Location location;  // with its version
  std::uint64_t size = 0;
  std::string sha256_hex;  // empty when the back end does not know it
};

// Asked at the last moment before an object appears, when its bytes are durable already: an error
// stops it. Calls of remove_content for the key wait until the object has appeared or not.
using MayAppear = std::function<Result<void>()>;

// Safe to call from any thread. Every call may block on a disk or a network.
class Objects {
 public:
  virtual ~Objects() = default;

  // The account that the bucket belongs to; nothing when there is no such bucket.
  virtual Result<std::optional<std::string>> find_bucket_owner(std::string_view bucket) = 0;

  // That the bucket is there to be written into. Not found: no such bucket. Invalid: it is in
  // another region. Denied: the store refuses it to this service.
  virtual Result<void> check_bucket(std::string_view bucket) = 0;

  // Looks a version up. Not found: no such bucket, key or version (the message says which).
  // Invalid: the bucket has no versions, so that its objects may change.
  virtual Result<Pinned> pin(const Location& location) = 0;

  // The bytes of a pinned version, for reading again and again. Fails (corrupt) if what is there no
  // longer fits what was pinned.
  virtual Result<std::unique_ptr<ReadAt>> snapshot(const Pinned& pinned) = 0;

  // Writes the artefact as a new object and returns its version. Repeating a call is harmless: when
  // the key's newest version has these very bytes, that version is the answer; when it has others,
  // the call is a conflict. Not found: no such bucket.
  virtual Result<Pinned> put_once(const Location& destination, const Artifact& artifact,
                                  const ReadAt& source, const MayAppear& may_appear) = 0;

  // Removes the versions of a key that have exactly these bytes; others stay. What is not there is
  // fine. An upload of these bytes that is under way has either appeared by now, or may no longer.
  virtual Result<void> remove_content(const Location& location, std::string_view sha256_hex) = 0;
};

}  // namespace hallmark::objects
