#include "cli/embedded_buckets.h"

#include "base/file.h"

namespace hallmark::cli {

Result<std::unique_ptr<EmbeddedBuckets>> EmbeddedBuckets::open(
    const std::filesystem::path& data_dir) {
  const server::DataDirectory directory{data_dir};
  TRY(auto facts, server::read_facts(directory));
  return std::unique_ptr<EmbeddedBuckets>(new EmbeddedBuckets(directory, std::move(facts)));
}

Result<void> EmbeddedBuckets::create(std::string_view bucket) {
  return objects_.create_bucket(bucket, facts_.account.view());
}

Result<void> EmbeddedBuckets::fetch(const objects::Location& location, const OutputFile& output) {
  TRY(const auto pinned, objects_.pin(location));
  TRY(const auto source, objects_.snapshot(pinned));
  TRY(const auto file, NewFile::create(output.path().parent_path(), public_file));
  TRY(copy_range(*source, 0, source->size(), *file));
  return output.publish(*file);
}

}  // namespace hallmark::cli
