#include "objects/file_objects.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/encoding.h"
#include "base/file.h"
#include "base/folder_lock.h"
#include "base/free_space.h"
#include "base/limits.h"
#include "base/uuid.h"
#include "crypto/digest.h"

namespace hallmark::objects {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t owner_bytes_max = 64;
constexpr std::size_t key_bytes_max = 1024;
constexpr unsigned immutable = 0400;

// The name of a version's file: "<version>.<sha256>".
struct VersionFile {
  std::string version;
  std::string sha256_hex;

  static std::optional<VersionFile> parse(const std::string& name) {
    if (name.size() != 36 + 1 + 64 || name[36] != '.' || !Uuid::parse(name.substr(0, 36))) {
      return std::nullopt;
    }
    return VersionFile{name.substr(0, 36), name.substr(37)};
  }
  std::string name() const { return version + "." + sha256_hex; }
  Timestamp time() const { return Uuid::parse(version)->time(); }
};

// Bucket names come checked by S3's rules from the API; the folder must hold whatever else comes.
Result<void> check_bucket_name(std::string_view bucket) {
  const bool fine =
      !bucket.empty() && bucket.size() <= 63 && bucket.front() != '.' &&
      std::ranges::all_of(bucket, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-';
      });
  if (fine) return {};
  return invalid("A bucket name has 3 to 63 characters of a-z, 0-9, '.' and '-'.");
}

Error no_bucket(std::string_view bucket) {
  return not_found(fmt::format("The bucket {} does not exist.", bucket));
}
Error no_key(const Location& location) {
  return not_found(
      fmt::format("The key {} does not exist in the bucket {}.", location.key, location.bucket));
}
Error no_version(const Location& location) {
  return not_found(fmt::format("The key {} in the bucket {} has no version {}.", location.key,
                               location.bucket, location.version));
}

std::string folder_of_key(std::string_view key) { return to_hex(crypto::sha256(bytes_of(key))); }

Result<std::vector<fs::path>> entries_of(const fs::path& folder) {
  std::error_code error;
  std::vector<fs::path> paths;
  auto entry = fs::directory_iterator(folder, error);
  for (; !error && entry != fs::directory_iterator(); entry.increment(error)) {
    paths.push_back(entry->path());
  }
  if (error && error != std::errc::no_such_file_or_directory) {
    return internal_error(fmt::format("list {}: {}", folder.string(), error.message()));
  }
  std::ranges::sort(paths);
  return paths;
}

// Newest first: a version id is a UUIDv7.
Result<std::vector<VersionFile>> versions_of(const fs::path& folder) {
  TRY(auto paths, entries_of(folder));
  std::vector<VersionFile> versions;
  for (const fs::path& path : paths) {
    if (auto version = VersionFile::parse(path.filename())) versions.push_back(*std::move(version));
  }
  std::ranges::reverse(versions);
  return versions;
}

// Whether a file is there. A folder that cannot be looked into is an error, not an absence.
Result<bool> is_there(const fs::path& path) {
  std::error_code error;
  const bool found = fs::exists(path, error);
  if (error) return internal_error(fmt::format("{}: {}", path.string(), error.message()));
  return found;
}

Result<Pinned> pinned_of(const fs::path& folder, const Location& location,
                         const VersionFile& version) {
  std::error_code error;
  const std::uintmax_t size = fs::file_size(folder / version.name(), error);
  if (error) return internal_error(fmt::format("{}: {}", version.name(), error.message()));
  return Pinned{{location.bucket, location.key, version.version}, size, version.sha256_hex};
}

// Passes bytes on and hashes them.
class HashingSink final : public Sink {
 public:
  explicit HashingSink(Sink& next) : next_(next) {}
  Result<void> write(ByteView bytes) override {
    hasher_.update(bytes);
    return next_.write(bytes);
  }
  std::string hex() { return to_hex(hasher_.finish()); }

 private:
  Sink& next_;
  crypto::Hasher hasher_{crypto::DigestAlgorithm::sha256};
};

}  // namespace

FileObjects::FileObjects(fs::path root, const Clock& clock, Random& random)
    : root_(std::move(root)), clock_(clock), random_(random) {}

Result<std::optional<std::string>> FileObjects::find_bucket_owner(std::string_view bucket) {
  TRY(check_bucket_name(bucket));
  auto owner = read_file(root_ / bucket / "owner", owner_bytes_max);
  if (!owner && owner.error().kind == ErrorKind::not_found) return std::optional<std::string>();
  if (!owner) return std::move(owner.error());
  return std::optional(*std::move(owner));
}

Result<void> FileObjects::check_bucket(std::string_view bucket) {
  TRY(auto owner, find_bucket_owner(bucket));
  if (!owner) return no_bucket(bucket);
  return {};
}

Result<Pinned> FileObjects::pin(const Location& location) {
  TRY(auto owner, find_bucket_owner(location.bucket));
  if (!owner) return no_bucket(location.bucket);
  const fs::path folder = root_ / location.bucket / folder_of_key(location.key);
  TRY(auto versions, versions_of(folder));
  if (versions.empty()) return no_key(location);
  if (location.version.empty()) return pinned_of(folder, location, versions.front());
  const auto found = std::ranges::find(versions, location.version, &VersionFile::version);
  if (found == versions.end()) return no_version(location);
  return pinned_of(folder, location, *found);
}

Result<std::unique_ptr<ReadAt>> FileObjects::snapshot(const Pinned& pinned) {
  const Location& location = pinned.location;
  TRY(check_bucket_name(location.bucket));
  const VersionFile version{location.version, pinned.sha256_hex};
  if (!VersionFile::parse(version.name())) return no_version(location);
  auto file = File::open(root_ / location.bucket / folder_of_key(location.key) / version.name());
  if (!file && file.error().kind == ErrorKind::not_found) return no_version(location);
  if (!file) return std::move(file.error());
  if ((*file)->size() != pinned.size) return corrupt("The source object has changed its size.");
  return std::unique_ptr<ReadAt>(*std::move(file));
}

Result<Pinned> FileObjects::put_once(const Location& destination, const Artifact& artifact,
                                     const ReadAt& source, const MayAppear& may_appear) {
  const fs::path folder = root_ / destination.bucket / folder_of_key(destination.key);
  const auto decide = [&](const std::string& sha256_hex) -> Result<std::optional<Pinned>> {
    TRY(const auto earlier, versions_of(folder));
    TRY(may_appear());
    if (earlier.empty()) return std::optional<Pinned>();
    if (earlier.front().sha256_hex != sha256_hex) {
      return Error{ErrorKind::conflict, "The destination key holds another object.", {}};
    }
    // Whoever wrote it may have died between the rename and the fsync of the folder.
    TRY(sync_folder(folder));
    TRY(auto pinned, pinned_of(folder, destination, earlier.front()));
    return std::optional(std::move(pinned));
  };
  return write(destination, artifact, source, decide);
}

Result<Pinned> FileObjects::put(const Location& destination, const ReadAt& content) {
  return write(
      destination, Artifact{{SourceRange{0, content.size()}}}, content,
      [](const std::string&) -> Result<std::optional<Pinned>> { return std::optional<Pinned>(); });
}

Result<Pinned> FileObjects::write(const Location& destination, const Artifact& artifact,
                                  const ReadAt& source, const Decide& decide) {
  TRY(auto owner, find_bucket_owner(destination.bucket));
  if (!owner) return no_bucket(destination.bucket);
  if (destination.key.empty() || destination.key.size() > key_bytes_max) {
    return invalid("A key has 1 to 1024 bytes.");
  }
  const fs::path folder = root_ / destination.bucket / folder_of_key(destination.key);
  TRY(make_folders(folder));
  // Who finds the folder made need not find it durable: another may have made it a moment ago.
  TRY(sync_folder(root_ / destination.bucket));
  TRY(const bool named, is_there(folder / "key"));
  if (!named) TRY(write_file_durably(folder / "key", bytes_of(destination.key), immutable));
  TRY(check_room(folder, artifact.size()));
  TRY(auto file, NewFile::create(folder, immutable));
  HashingSink sink(*file);
  TRY(artifact.write_to(sink, source));
  const std::string sha256_hex = sink.hex();

  TRY(file->sync());  // the slow part, before the lock

  TRY(const auto lock, FolderLock::take(folder));
  TRY(auto standing, decide(sha256_hex));
  if (standing) return *std::move(standing);
  TRY(const auto earlier, versions_of(folder));
  // Newer than what is there, whatever the clock says.
  Timestamp time = clock_.now();
  if (!earlier.empty())
    time = std::max(time, earlier.front().time() + std::chrono::milliseconds(1));
  const VersionFile version{Uuid::v7(time, random_).text(), sha256_hex};
  TRY(file->publish(folder / version.name()));
  return pinned_of(folder, destination, version);
}

Result<void> FileObjects::remove_content(const Location& location, std::string_view sha256_hex) {
  TRY(check_bucket_name(location.bucket));
  const fs::path folder = root_ / location.bucket / folder_of_key(location.key);
  TRY(const bool known, is_there(folder));
  if (!known) return {};
  TRY(const auto lock, FolderLock::take(folder));
  TRY(const auto versions, versions_of(folder));
  for (const VersionFile& version : versions) {
    if (version.sha256_hex != sha256_hex) continue;
    std::error_code error;
    fs::remove(folder / version.name(), error);
    if (error) return internal_error(fmt::format("remove {}: {}", version.name(), error.message()));
  }
  return sync_folder(folder);
}

Result<void> FileObjects::remove(const Location& location) {
  TRY(check_bucket_name(location.bucket));
  const fs::path folder = root_ / location.bucket / folder_of_key(location.key);
  std::error_code error;
  fs::remove_all(folder, error);
  if (error) return internal_error(fmt::format("remove {}: {}", folder.string(), error.message()));
  TRY(const bool bucket_exists, is_there(root_ / location.bucket));
  if (!bucket_exists) return {};
  return sync_folder(root_ / location.bucket);
}

Result<void> FileObjects::create_bucket(std::string_view bucket, std::string_view owner) {
  TRY(check_bucket_name(bucket));
  if (bucket.size() < 3) return invalid("A bucket name has at least 3 characters.");
  TRY(auto existing, find_bucket_owner(bucket));
  if (existing && *existing != owner) {
    return denied(fmt::format("The bucket {} belongs to another account.", bucket));
  }
  TRY(make_folders(root_ / bucket));
  if (!existing) {
    TRY(write_file_durably(root_ / bucket / "owner", bytes_of(owner), immutable));
  }
  // Also when it was there: whoever made it may not have got as far as this.
  TRY(sync_folder(root_ / bucket));
  TRY(sync_folder(root_));
  return sync_folder(root_.parent_path());
}

Result<std::vector<std::string>> FileObjects::list_buckets() {
  TRY(auto paths, entries_of(root_));
  std::vector<std::string> buckets;
  for (const fs::path& path : paths) {
    TRY(const bool owned, is_there(path / "owner"));
    if (owned) buckets.push_back(path.filename());
  }
  return buckets;
}

Result<std::vector<FileObjects::Listed>> FileObjects::list(std::string_view bucket) {
  TRY(auto owner, find_bucket_owner(bucket));
  if (!owner) return no_bucket(bucket);
  TRY(auto folders, entries_of(root_ / bucket));
  std::vector<Listed> keys;
  for (const fs::path& folder : folders) {
    auto key = read_file(folder / "key", key_bytes_max);
    if (!key) continue;  // the owner file, or a key that is being removed
    Listed listed{*std::move(key), {}};
    TRY(auto versions, versions_of(folder));
    for (const VersionFile& version : versions) {
      TRY(auto pinned, pinned_of(folder, {std::string(bucket), listed.key}, version));
      listed.versions.push_back(std::move(pinned));
    }
    if (!listed.versions.empty()) keys.push_back(std::move(listed));
  }
  std::ranges::sort(keys, {}, &Listed::key);
  return keys;
}

}  // namespace hallmark::objects
