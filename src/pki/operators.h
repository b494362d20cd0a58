// What concerns the installation and not an account. Private to pki.
#pragma once

#include <string>
#include <string_view>

#include "access/authorizer.h"

namespace hallmark::pki {

// For operators; others are allowed by no policy of theirs what concerns the installation.
inline access::Need operator_need(std::string_view action, const access::Principal& caller) {
  const bool is_operator = caller.type == access::PrincipalType::machine_operator;
  return {.action = std::string(action),
          .sides = is_operator ? policy::Sides::identity_only : policy::Sides::resource_required};
}

}  // namespace hallmark::pki
