#include <cstdio>
#include <memory>

#include <fmt/format.h>

#include "cli/commands.h"
#include "cli/embedded_buckets.h"
#include "cli/named_file.h"
#include "cli/output_file.h"

namespace hallmark::cli {
namespace {

constexpr Option data_dir = {OptionKind::required, "--data-dir", "the data directory"};

struct BucketAndKey {
  std::string bucket;
  std::string key;
};

Result<BucketAndKey> split(const std::string& text) {
  const std::size_t slash = text.find('/');
  if (slash == std::string::npos || slash == 0 || slash + 1 == text.size()) {
    return wrong_usage(fmt::format("{} is not of the form BUCKET/KEY.", text));
  }
  return BucketAndKey{text.substr(0, slash), text.substr(slash + 1)};
}

constexpr Option put_options[] = {
    {OptionKind::positional, "BUCKET/KEY", "where it goes; the bucket is made on first use"},
    {OptionKind::positional, "FILE", "the file to store"},
    data_dir,
};
Result<void> put(const Arguments& arguments) {
  TRY(auto target, split(arguments.get("BUCKET/KEY")));
  TRY(const auto file, open_file({arguments.get("FILE")}));
  TRY(const auto buckets, EmbeddedBuckets::open(arguments.get("--data-dir")));
  TRY(buckets->create(target.bucket));
  TRY(auto stored, buckets->objects().put({target.bucket, target.key}, *file));
  fmt::print("{}\n", stored.location.version);
  return {};
}

constexpr Option get_options[] = {
    {OptionKind::positional, "BUCKET/KEY", "what to fetch"},
    {OptionKind::optional, "--version", "the version id (default: the newest)"},
    output_option,
    force_option,
    data_dir,
};
Result<void> get(const Arguments& arguments) {
  TRY(auto target, split(arguments.get("BUCKET/KEY")));
  TRY(const auto output, OutputFile::of(arguments));
  TRY(const auto buckets, EmbeddedBuckets::open(arguments.get("--data-dir")));
  return buckets->fetch({target.bucket, target.key, arguments.get("--version")}, output);
}

constexpr Option list_options[] = {
    {OptionKind::optional, "--bucket", "list this bucket's keys (default: list the buckets)"},
    data_dir,
};
Result<void> list(const Arguments& arguments) {
  TRY(const auto buckets, EmbeddedBuckets::open(arguments.get("--data-dir")));
  if (!arguments.has("--bucket")) {
    TRY(auto names, buckets->objects().list_buckets());
    for (const std::string& name : names) fmt::print("{}\n", name);
    return {};
  }
  TRY(auto keys, buckets->objects().list(arguments.get("--bucket")));
  for (const auto& listed : keys) {
    fmt::print("{:>12}  {}\n", listed.versions.front().size, listed.key);
  }
  return {};
}

constexpr Option versions_options[] = {
    {OptionKind::positional, "BUCKET/KEY", "the key"},
    data_dir,
};
Result<void> versions(const Arguments& arguments) {
  TRY(auto target, split(arguments.get("BUCKET/KEY")));
  TRY(const auto buckets, EmbeddedBuckets::open(arguments.get("--data-dir")));
  TRY(auto keys, buckets->objects().list(target.bucket));
  for (const auto& listed : keys) {
    if (listed.key != target.key) continue;
    for (const auto& version : listed.versions) {
      fmt::print("{}  {:>12}  {}\n", version.location.version, version.size, version.sha256_hex);
    }
    return {};
  }
  return not_found(
      fmt::format("The key {} does not exist in the bucket {}.", target.key, target.bucket));
}

constexpr Option remove_options[] = {
    {OptionKind::positional, "BUCKET/KEY", "the key; all its versions go"},
    data_dir,
};
Result<void> remove(const Arguments& arguments) {
  TRY(auto target, split(arguments.get("BUCKET/KEY")));
  TRY(const auto buckets, EmbeddedBuckets::open(arguments.get("--data-dir")));
  return buckets->objects().remove({target.bucket, target.key});
}

constexpr Option create_bucket_options[] = {
    {OptionKind::positional, "BUCKET", "3 to 63 characters of a-z, 0-9, '.' and '-'"},
    data_dir,
};
Result<void> create_bucket(const Arguments& arguments) {
  TRY(const auto buckets, EmbeddedBuckets::open(arguments.get("--data-dir")));
  return buckets->create(arguments.get("BUCKET"));
}

}  // namespace

constinit const Command object_put_command = {
    "object put", "store a file in an embedded bucket; prints its version id", put_options, put};
constinit const Command object_get_command = {"object get", "fetch an object into a file",
                                              get_options, get};
constinit const Command object_list_command = {"object list", "list buckets, or a bucket's keys",
                                               list_options, list};
constinit const Command object_versions_command = {
    "object versions", "list a key's versions, newest first, with size and SHA-256",
    versions_options, versions};
constinit const Command object_remove_command = {
    "object remove", "remove a key with all its versions", remove_options, remove};
constinit const Command object_create_bucket_command = {
    "object create-bucket", "make an embedded bucket", create_bucket_options, create_bucket};

}  // namespace hallmark::cli
