#include "server/measured_objects.h"

#include <chrono>

namespace hallmark::server {
namespace {

// Not those that say what the caller chose wrongly.
bool is_of_the_store(ErrorKind kind) {
  return kind == ErrorKind::unavailable || kind == ErrorKind::denied ||
         kind == ErrorKind::corrupt || kind == ErrorKind::internal;
}

class MeasuredObjects final : public objects::Objects {
 public:
  MeasuredObjects(std::unique_ptr<objects::Objects> objects, ObjectMeters& meters)
      : objects_(std::move(objects)), meters_(meters) {}

  Result<std::optional<std::string>> find_bucket_owner(std::string_view bucket) override {
    return around(ObjectCall::find_owner, [&] { return objects_->find_bucket_owner(bucket); });
  }
  Result<void> check_bucket(std::string_view bucket) override {
    return around(ObjectCall::check_bucket, [&] { return objects_->check_bucket(bucket); });
  }
  Result<objects::Pinned> pin(const objects::Location& location) override {
    return around(ObjectCall::pin, [&] { return objects_->pin(location); });
  }
  Result<std::unique_ptr<ReadAt>> snapshot(const objects::Pinned& pinned) override {
    return around(ObjectCall::snapshot, [&] { return objects_->snapshot(pinned); });
  }
  Result<objects::Pinned> put_once(const objects::Location& destination, const Artifact& artifact,
                                   const ReadAt& source,
                                   const objects::MayAppear& may_appear) override {
    return around(ObjectCall::put,
                  [&] { return objects_->put_once(destination, artifact, source, may_appear); });
  }
  Result<void> remove_content(const objects::Location& location,
                              std::string_view sha256_hex) override {
    return around(ObjectCall::remove,
                  [&] { return objects_->remove_content(location, sha256_hex); });
  }

 private:
  template <class F>
  std::invoke_result_t<F> around(ObjectCall call, F function) {
    ObjectMeters::OfCall& meters = meters_.of(call);
    const auto began = std::chrono::steady_clock::now();
    auto outcome = function();
    meters.durations.add(std::chrono::steady_clock::now() - began);
    if (!outcome && is_of_the_store(outcome.error().kind)) meters.errors.add();
    return outcome;
  }

  const std::unique_ptr<objects::Objects> objects_;
  ObjectMeters& meters_;
};

}  // namespace

std::string_view name_of(ObjectCall call) {
  switch (call) {
    case ObjectCall::find_owner: return "find_owner";
    case ObjectCall::check_bucket: return "check_bucket";
    case ObjectCall::pin: return "pin";
    case ObjectCall::snapshot: return "snapshot";
    case ObjectCall::put: return "put";
    case ObjectCall::remove: return "remove";
  }
  return {};
}

std::unique_ptr<objects::Objects> measured(std::unique_ptr<objects::Objects> objects,
                                           ObjectMeters& meters) {
  return std::make_unique<MeasuredObjects>(std::move(objects), meters);
}

}  // namespace hallmark::server
