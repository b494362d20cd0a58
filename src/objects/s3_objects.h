// The `s3:` back end: buckets of an S3 server, which exist already and are versioned where they are
// read from. Nothing is remembered here: several nodes may use the same buckets at once.
//
// A bucket belongs to the account that the configuration names; one that it does not name does not
// exist here, whatever the server would let the service do.
//
// Against objects.h: an upload of up to S3Limits::single_put_bytes_max appears with its own
// request, so `remove_content` does not wait for one that is under way; the uploader asks again
// afterwards whether its object may stay, and takes it away if not (s3_upload.h).
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "base/clock.h"
#include "base/random.h"
#include "objects/objects.h"
#include "objects/s3_bucket.h"
#include "objects/s3_credentials.h"
#include "objects/s3_upload.h"

namespace hallmark::objects {

// Whether the server is told with each request whose the bucket must be
// (x-amz-expected-bucket-owner). Not with servers whose accounts are not those of this service.
enum class OwnerCheck { told, not_told };

struct S3Options {
  S3Endpoint endpoint;
  S3Identity identity = {};
  std::map<std::string, std::string, std::less<>> bucket_owners = {};  // bucket → account
  OwnerCheck owner_check = OwnerCheck::told;
  std::filesystem::path spool_folder;  // exists; for what is being read
  S3Patience patience = {};
  S3Limits limits = {};
};

class S3Objects final : public Objects {
 public:
  // Asks nobody yet. Invalid: the options do not fit together, or there are no credentials. Clock
  // and random outlive the object.
  static Result<std::unique_ptr<S3Objects>> open(S3Options options, const Environment& environment,
                                                 const Clock& clock, Random& random);

  Result<std::optional<std::string>> find_bucket_owner(std::string_view bucket) override;
  Result<void> check_bucket(std::string_view bucket) override;
  Result<Pinned> pin(const Location& location) override;
  Result<std::unique_ptr<ReadAt>> snapshot(const Pinned& pinned) override;
  Result<Pinned> put_once(const Location& destination, const Artifact& artifact,
                          const ReadAt& source, const MayAppear& may_appear) override;
  Result<void> remove_content(const Location& location, std::string_view sha256_hex) override;

 private:
  S3Objects(S3Options options, std::unique_ptr<S3Client> client);

  Result<S3Bucket> bucket(std::string_view name);
  Result<void> explain(const S3Bucket& bucket, const Location& location) const;
  Result<std::unique_ptr<ReadAt>> open_snapshot(const S3Bucket& bucket, const Pinned& pinned) const;
  Result<std::string> content_hash(const S3Bucket& bucket, const Pinned& found) const;
  struct Wanted {
    std::uint64_t size;
    const std::string& sha256_hex;
  };
  Result<std::optional<Pinned>> find_standing(const S3Bucket& bucket, const Location& destination,
                                              const Wanted& wanted) const;

  const S3Options options_;
  const std::unique_ptr<S3Client> client_;
};

}  // namespace hallmark::objects
