// The table of the Signer API's operations.
#pragma once

#include <span>

#include "api/operation.h"

namespace hallmark::api {

std::span<const Operation* const> signer_operations();

// One file each, of the same name.
extern const Operation add_profile_permission;
extern const Operation cancel_signing_profile;
extern const Operation describe_signing_job;
extern const Operation get_revocation_status;
extern const Operation get_signing_platform;
extern const Operation get_signing_profile;
extern const Operation list_profile_permissions;
extern const Operation list_signing_jobs;
extern const Operation list_signing_platforms;
extern const Operation list_signing_profiles;
extern const Operation list_tags_for_resource;
extern const Operation put_signing_profile;
extern const Operation remove_profile_permission;
extern const Operation revoke_signature;
extern const Operation revoke_signing_profile;
extern const Operation sign_payload;
extern const Operation start_signing_job;
extern const Operation tag_resource;
extern const Operation untag_resource;

}  // namespace hallmark::api
