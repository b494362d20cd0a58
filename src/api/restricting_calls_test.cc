#include <gtest/gtest.h>

#include "api/operation.h"
#include "identity/administration_calls.h"
#include "pki/certificate_revocations.h"
#include "pki/imported_calls.h"
#include "signing/jobs.h"
#include "signing/permissions.h"
#include "signing/profiles.h"
#include "signing/restore_acceptance.h"
#include "signing/tags.h"

namespace hallmark::api {
namespace {

template <class... Calls>
constexpr bool all_restrict = (Restricts<Calls> && ...);
template <class... Calls>
constexpr bool any_restricts = (Restricts<Calls> || ...);

// What an operator must be able to do when the disk is almost full.
TEST(RestrictingCalls, AreThoseThatTakeAway) {
  EXPECT_TRUE((all_restrict<signing::RevokeSignature, signing::RevokeSigningProfile,
                            signing::CancelSigningProfile, signing::RemoveProfilePermission,
                            signing::AcceptRestore>));
  EXPECT_TRUE((all_restrict<pki::RevokeCertificate, pki::DeleteCertificate>));
  EXPECT_TRUE((all_restrict<identity::DeleteUser, identity::DeleteRole, identity::DeleteAccessKey,
                            identity::UpdateAccessKey, identity::DeleteUserPolicy,
                            identity::DeleteRolePolicy>));
}

// Without its tag something may be permitted that a policy denied by it.
TEST(RestrictingCalls, AreNotThoseThatAddOrChange) {
  EXPECT_FALSE((any_restricts<signing::PutSigningProfile, signing::StartSigningJob,
                              signing::AddProfilePermission, signing::TagResource,
                              signing::UntagResource, identity::CreateAccessKey,
                              identity::PutUserPolicy, identity::UpdateAssumeRolePolicy>));
}

}  // namespace
}  // namespace hallmark::api
