#include "cli/embedded_buckets.h"

#include <fmt/format.h>

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

Result<void> EmbeddedBuckets::fetch(const objects::Location& location,
                                    const std::filesystem::path& output) {
  TRY(const auto pinned, objects_.pin(location));
  TRY(const auto source, objects_.snapshot(pinned));
  const std::filesystem::path target = std::filesystem::absolute(output);
  std::error_code unreadable;  // is no directory for us
  if (!std::filesystem::is_directory(target.parent_path(), unreadable)) {
    return invalid(fmt::format("The directory {} does not exist.", target.parent_path().string()));
  }
  TRY(const auto file, NewFile::create(target.parent_path(), 0644));
  TRY(copy_range(*source, 0, source->size(), *file));
  return file->publish(target);
}

}  // namespace hallmark::cli
