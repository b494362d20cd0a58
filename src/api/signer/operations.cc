#include "api/signer/operations.h"

namespace hallmark::api {

std::span<const Operation* const> signer_operations() {
  static constexpr const Operation* table[] = {
      &describe_signing_job,   &get_signing_platform,  &get_signing_profile, &list_signing_jobs,
      &list_signing_platforms, &list_signing_profiles, &put_signing_profile, &start_signing_job,
  };
  return table;
}

}  // namespace hallmark::api
