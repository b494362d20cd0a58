// The embedded buckets of a data directory, beside a server that may be running on it.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"
#include "base/uuid.h"
#include "cli/output_file.h"
#include "crypto/random.h"
#include "objects/file_objects.h"
#include "server/installation.h"

namespace hallmark::cli {

class EmbeddedBuckets {
 public:
  // Invalid: the directory is not initialised.
  static Result<std::unique_ptr<EmbeddedBuckets>> open(const std::filesystem::path& data_dir);

  objects::FileObjects& objects() { return objects_; }
  // For the installation's account; a bucket that is there already is fine.
  Result<void> create(std::string_view bucket);
  // Copies an object into the file.
  Result<void> fetch(const objects::Location& location, const OutputFile& output);
  // A name that nothing else has.
  std::string new_name() { return Uuid::v7(clock_.now(), random_).text(); }

 private:
  EmbeddedBuckets(const server::DataDirectory& directory, server::NewInstallation facts)
      : facts_(std::move(facts)), objects_(directory.objects(), clock_, random_) {}

  const server::NewInstallation facts_;
  SystemClock clock_;
  crypto::SystemRandom random_;
  objects::FileObjects objects_;
};

}  // namespace hallmark::cli
