#include "signing/own_bucket.h"

#include <fmt/format.h>

namespace hallmark::signing {

Result<void> check_own_bucket(objects::Objects& objects, const std::string& bucket,
                              const model::AccountId& account) {
  TRY(const auto owner, objects.find_bucket_owner(bucket));
  if (!owner) return not_found(fmt::format("The bucket {} does not exist.", bucket));
  if (*owner == account.view()) return {};
  return denied(fmt::format("The bucket {} belongs to another account.", bucket));
}

}  // namespace hallmark::signing
