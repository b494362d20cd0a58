// access's seam onto the object store.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "access/authorizer.h"
#include "objects/objects.h"

namespace hallmark::server {

class ObjectBucketOwners final : public access::BucketOwners {
 public:
  explicit ObjectBucketOwners(objects::Objects& objects) : objects_(objects) {}
  Result<std::optional<std::string>> find_bucket_owner(std::string_view bucket) override {
    return objects_.find_bucket_owner(bucket);
  }

 private:
  objects::Objects& objects_;
};

}  // namespace hallmark::server
