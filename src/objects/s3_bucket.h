// One bucket on an S3 server: the small requests that the others are made of.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "objects/objects.h"
#include "objects/s3_client.h"
#include "objects/s3_xml.h"

namespace hallmark::objects {

// A value; the client outlives it.
class S3Bucket {
 public:
  // `expected_owner`: told to the server with every request, which refuses it when the bucket
  // belongs to another account; empty: not told.
  S3Bucket(S3Client& client, std::string name, std::string expected_owner)
      : client_(client), name_(std::move(name)), expected_owner_(std::move(expected_owner)) {}

  const std::string& name() const { return name_; }

  // A request for a key, or for the version that the location names. Its bucket is this one.
  S3Request request(http::Method method, const Location& location) const;
  Result<S3Answer> send(const S3Request& request) const { return client_.send(request); }

  Result<S3Answer> head(const Location& location) const;  // HeadObject, with checksums
  Result<S3Answer> head_bucket() const;
  Result<Versioning> versioning() const;

  // Of exactly this key.
  Result<std::vector<std::string>> versions_of(const std::string& key) const;
  Result<std::vector<std::string>> uploads_of(const std::string& key) const;

  // What is not there is fine.
  Result<void> remove_version(const Location& location) const;
  Result<void> abort_upload(const std::string& key, const std::string& upload_id) const;

 private:
  struct List;
  Result<std::vector<std::string>> list(const std::string& key, const List& what) const;
  Result<void> remove(const S3Request& request, const Location& location) const;

  S3Client& client_;
  std::string name_;
  std::string expected_owner_;
};

// The SHA-256 of all of an object, where an answer has it. (That of an object of several parts is
// one over their hashes.)
std::string sha256_hex_of(const S3Answer& answer);
// Its size. Corrupt: the answer does not say.
Result<std::uint64_t> size_of(const S3Answer& answer);

}  // namespace hallmark::objects
