// A signing profile with nothing out of the ordinary. Only for tests.
#pragma once

#include <string_view>

#include "model/profile.h"

namespace hallmark::model::test {

inline Profile profile_named(std::string_view name) {
  return {.account = *AccountId::parse("111122223333"),
          .name = *ProfileName::parse(name),
          .version = *ProfileVersion::parse("Ab3dEf6h1J"),
          .platform_id = "AWSLambda-SHA384-ECDSA",
          .status_reason = {},
          .validity = {},
          .certificate_arn = {},
          .overrides = {},
          .signing_parameters = {},
          .tags = {},
          .created_at = {},
          .canceled_at = {},
          .revocation = {}};
}

}  // namespace hallmark::model::test
