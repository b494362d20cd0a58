// An object store that measures another: how long calls take, and which fail for its own reasons.
#pragma once

#include <array>
#include <memory>
#include <string_view>

#include "base/meters.h"
#include "objects/objects.h"

namespace hallmark::server {

enum class ObjectCall { find_owner, check_bucket, pin, snapshot, put, remove };
inline constexpr std::array all_object_calls = {ObjectCall::find_owner, ObjectCall::check_bucket,
                                                ObjectCall::pin,        ObjectCall::snapshot,
                                                ObjectCall::put,        ObjectCall::remove};
std::string_view name_of(ObjectCall call);

struct ObjectMeters {
  struct OfCall {
    Durations durations;
    Counter errors;  // the store was away, refused the service, or was at fault
  };
  OfCall& of(ObjectCall call) { return calls[std::size_t(call)]; }
  std::array<OfCall, all_object_calls.size()> calls;
};

// The meters outlive the store.
std::unique_ptr<objects::Objects> measured(std::unique_ptr<objects::Objects> objects,
                                           ObjectMeters& meters);

}  // namespace hallmark::server
