#include "api/signer/operations.h"

namespace hallmark::api {

std::span<const Operation* const> signer_operations() {
  static constexpr const Operation* table[] = {
      &add_profile_permission,
      &cancel_signing_profile,
      &describe_signing_job,
      &get_revocation_status,
      &get_signing_platform,
      &get_signing_profile,
      &list_profile_permissions,
      &list_signing_jobs,
      &list_signing_platforms,
      &list_signing_profiles,
      &list_tags_for_resource,
      &put_signing_profile,
      &remove_profile_permission,
      &revoke_signature,
      &revoke_signing_profile,
      &sign_payload,
      &start_signing_job,
      &tag_resource,
      &untag_resource,
  };
  return table;
}

}  // namespace hallmark::api
