#include "objects/s3_objects.h"

#include <fmt/format.h>

#include "base/encoding.h"
#include "base/free_space.h"
#include "crypto/digest.h"
#include "objects/s3_errors.h"
#include "objects/s3_snapshot.h"

namespace hallmark::objects {
namespace {

constexpr std::size_t key_bytes_max = 1024;
constexpr std::string_view null_version = "null";  // of an object without versions

Result<void> check_bucket_name(std::string_view name) {
  if (is_bucket_name(name)) return {};
  return invalid("A bucket name has 3 to 63 characters of a-z, 0-9, '.' and '-'.");
}

// Servers and proxies may resolve such segments of a path, and would act on another key or bucket.
Result<void> check_key(std::string_view key) {
  while (true) {
    const std::size_t slash = key.find('/');
    const std::string_view segment = key.substr(0, slash);
    if (segment == "." || segment == "..") {
      return invalid("A key on an S3 server has no segment \".\" or \"..\".");
    }
    if (slash == std::string_view::npos) return {};
    key.remove_prefix(slash + 1);
  }
}

Result<Pinned> pinned_of(const S3Answer& answer, Location location) {
  location.version = answer.header("x-amz-version-id");
  TRY(const auto size, size_of(answer));
  return Pinned{std::move(location), size, sha256_hex_of(answer)};
}

}  // namespace

Result<std::unique_ptr<S3Objects>> S3Objects::open(S3Options options,
                                                   const Environment& environment,
                                                   const Clock& clock, Random& random) {
  for (const auto& [name, owner] : options.bucket_owners) TRY(check_bucket_name(name));
  TRY(auto credentials, make_credentials({options.identity, options.endpoint.region,
                                          options.endpoint.ca_file, environment, clock}));
  auto client = std::make_unique<S3Client>(
      S3ClientParts{options.endpoint, std::move(credentials), clock, random, options.patience});
  return std::unique_ptr<S3Objects>(new S3Objects(std::move(options), std::move(client)));
}

S3Objects::S3Objects(S3Options options, std::unique_ptr<S3Client> client)
    : options_(std::move(options)), client_(std::move(client)) {}

Result<std::optional<std::string>> S3Objects::find_bucket_owner(std::string_view name) {
  TRY(check_bucket_name(name));
  const auto found = options_.bucket_owners.find(name);
  if (found == options_.bucket_owners.end()) return std::optional<std::string>();
  return std::optional(found->second);
}

Result<S3Bucket> S3Objects::bucket(std::string_view name) {
  TRY(const auto owner, find_bucket_owner(name));
  if (!owner) return no_such_bucket(name);
  const bool is_told = options_.owner_check == OwnerCheck::told;
  return S3Bucket(*client_, std::string(name), is_told ? *owner : std::string());
}

Result<void> S3Objects::check_bucket(std::string_view name) {
  TRY(const auto known, bucket(name));
  TRY(const auto answer, known.head_bucket());
  if (answer.is_done()) return {};
  if (answer.status == 404) return no_such_bucket(name);
  return error_of(answer, {known.name(), {}});
}

Result<Pinned> S3Objects::pin(const Location& location) {
  TRY(check_key(location.key));
  TRY(const auto known, bucket(location.bucket));
  if (location.version == null_version) return unversioned_bucket(location.bucket);
  TRY(auto answer, known.head(location));
  if (!answer.is_done()) {
    TRY(explain(known, location));
    TRY(answer, known.head(location));
  }
  if (!answer.is_done()) return error_of(answer, location);
  TRY(auto pinned, pinned_of(answer, location));
  const std::string& version = pinned.location.version;
  if (version.empty() || version == null_version) return unversioned_bucket(location.bucket);
  if (!location.version.empty() && version != location.version) {
    return corrupt("The object store answered with another version of the source object.");
  }
  return pinned;
}

// An answer to HEAD has no body that would say what is wrong: asks in other ways. Nothing is wrong
// when it was a passing fault.
Result<void> S3Objects::explain(const S3Bucket& bucket, const Location& location) const {
  const auto versioning = bucket.versioning();
  if (versioning && *versioning == Versioning::never) return unversioned_bucket(bucket.name());
  if (!versioning && versioning.error().kind != ErrorKind::denied &&
      versioning.error().kind != ErrorKind::internal) {
    return versioning.error();
  }
  S3Request request = bucket.request(http::Method::get, location);
  request.headers.emplace_back("range", "bytes=0-0");
  request.answers = S3Body::content;
  TRY(const auto answer, bucket.send(request));
  // The bucket is there: what is wrong is the version's text, or the object is empty.
  if (answer.code == "InvalidArgument") return no_such_version(location);
  if (answer.is_done() || answer.status == 416) return {};
  return error_of(answer, location);
}

Result<std::unique_ptr<ReadAt>> S3Objects::snapshot(const Pinned& pinned) {
  TRY(const auto known, bucket(pinned.location.bucket));
  return open_snapshot(known, pinned);
}

Result<std::unique_ptr<ReadAt>> S3Objects::open_snapshot(const S3Bucket& bucket,
                                                         const Pinned& pinned) const {
  TRY(check_room(options_.spool_folder, pinned.size));
  TRY(auto file, SpoolFile::create(options_.spool_folder));
  return std::unique_ptr<ReadAt>(std::make_unique<S3Snapshot>(
      S3Snapshot::Parts{bucket, pinned, options_.limits.block_bytes}, std::move(file)));
}

// As the server keeps it, or by reading all of it: parts have hashes of their own.
Result<std::string> S3Objects::content_hash(const S3Bucket& bucket, const Pinned& found) const {
  if (!found.sha256_hex.empty()) return found.sha256_hex;
  TRY(const auto content, open_snapshot(bucket, found));
  TRY(auto digests, digest(*content, options_.limits.part_bytes));
  return std::move(digests.sha256_hex);
}

// What the key holds already: nothing, these very bytes, or others (conflict).
Result<std::optional<Pinned>> S3Objects::find_standing(const S3Bucket& bucket,
                                                       const Location& destination,
                                                       const Wanted& wanted) const {
  TRY(const auto answer, bucket.head(destination));
  if (answer.status == 404) return std::optional<Pinned>();
  if (!answer.is_done()) return error_of(answer, destination);
  TRY(auto found, pinned_of(answer, destination));
  const Error taken{ErrorKind::conflict, "The destination key holds another object.", {}};
  if (found.size != wanted.size) return taken;
  TRY(found.sha256_hex, content_hash(bucket, found));
  if (found.sha256_hex != wanted.sha256_hex) return taken;
  return std::optional(std::move(found));
}

Result<Pinned> S3Objects::put_once(const Location& destination, const Artifact& artifact,
                                   const ReadAt& source, const MayAppear& may_appear) {
  TRY(const auto known, bucket(destination.bucket));
  if (destination.key.empty() || destination.key.size() > key_bytes_max) {
    return invalid("A key has 1 to 1024 bytes.");
  }
  TRY(check_key(destination.key));
  const Location key{destination.bucket, destination.key, {}};
  const ArtifactReadAt content(artifact, source);
  TRY(const auto digests, digest(content, options_.limits.part_bytes));
  const Wanted wanted{content.size(), digests.sha256_hex};
  TRY(auto standing, find_standing(known, key, wanted));
  if (standing) {
    TRY(may_appear());
    return *std::move(standing);
  }
  TRY(auto written, S3Upload({known, key, content, digests, options_.limits}).run(may_appear));
  if (written) return *std::move(written);
  TRY(standing, find_standing(known, key, wanted));
  if (standing) return *std::move(standing);
  return unavailable("an upload was ended by another one of the same key");
}

Result<void> S3Objects::remove_content(const Location& location, std::string_view sha256_hex) {
  TRY(check_key(location.key));
  TRY(const auto known, bucket(location.bucket));
  // First what is under way: it either appeared by now, or its completion will fail.
  TRY(const auto uploads, known.uploads_of(location.key));
  for (const std::string& id : uploads) TRY(known.abort_upload(location.key, id));
  TRY(const auto versions, known.versions_of(location.key));
  std::uint64_t bytes_read = 0;
  for (const std::string& version : versions) {
    const Location one{location.bucket, location.key, version};
    TRY(const auto answer, known.head(one));
    if (answer.status == 404) continue;
    if (!answer.is_done()) return error_of(answer, one);
    TRY(const auto found, pinned_of(answer, one));
    if (found.sha256_hex.empty()) bytes_read += found.size;
    if (bytes_read > options_.limits.removal_bytes_max) {
      return denied("The destination key holds more than is looked through.");
    }
    TRY(const auto hash, content_hash(known, found));
    if (hash == sha256_hex) TRY(known.remove_version(one));
  }
  return {};
}

}  // namespace hallmark::objects
